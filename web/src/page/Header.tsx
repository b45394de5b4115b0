import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { chooseTheme, chosenTheme, type Theme } from './theme';

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const LABEL: Record<Theme, string> = { system: 'Auto', light: 'Light', dark: 'Dark' };

/** The bar on top of both pages: name, the two pages, what a page adds, and the colours. */
export function Header(props: { page: 'live' | 'watch'; liveHref?: string; children?: ComponentChildren }) {
  return (
    <header class="bar">
      <a class="brand" href="/">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="7" class="brand-tile" />
          <path d="M9 8l11 8-11 8z" fill="#fff" />
          <rect x="22" y="6" width="2.5" height="20" rx="1.25" fill="#fff" />
        </svg>
        Playhead
      </a>
      <nav aria-label="Pages">
        <a href={props.liveHref ?? '/'} aria-current={props.page === 'live' ? 'page' : undefined}>
          Live
        </a>
        <a href="/watch" aria-current={props.page === 'watch' ? 'page' : undefined}>
          Watch
        </a>
      </nav>
      <div class="bar-end">
        {props.children}
        <ThemeSwitch />
      </div>
    </header>
  );
}

function ThemeSwitch() {
  const [theme, setTheme] = useState(chosenTheme);
  const change = () => {
    const next = NEXT[theme];
    chooseTheme(next);
    setTheme(next);
  };
  return (
    <button type="button" class="quiet" onClick={change} title="Colours: automatic, light or dark">
      <span class="visually-hidden">Colours: </span>
      {LABEL[theme]}
    </button>
  );
}
