import { render } from 'preact';
import '../page/style.css';
import { App } from './App';

const root = document.getElementById('root');
if (root) render(<App />, root);
