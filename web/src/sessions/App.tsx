import { Header } from '../page/Header';
import { Search } from './Search';
import { Session } from './Session';

/** The search for sessions, and one of them where the address names it: `/sessions/{id}`. */
export function App() {
  const id = decodeURIComponent(location.pathname.replace(/^\/sessions\/?/, ''));
  return (
    <>
      <Header page="sessions" />
      {id === '' ? <Search /> : <Session id={id} />}
    </>
  );
}
