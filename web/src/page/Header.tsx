import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { KEY_CHANGED, keepReadKey, readKey } from '../api/key';
import { chooseTheme, chosenTheme, type Theme } from './theme';

const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const LABEL: Record<Theme, string> = { system: 'Auto', light: 'Light', dark: 'Dark' };

const PAGES = [
  { key: 'live', href: '/', label: 'Live' },
  { key: 'explore', href: '/explore', label: 'Explore' },
  { key: 'sessions', href: '/sessions', label: 'Sessions' },
  { key: 'viewers', href: '/viewers', label: 'Viewers' },
  { key: 'integrator', href: '/integrator', label: 'Integrator' },
  { key: 'watch', href: '/watch', label: 'Watch' },
] as const;

/** One of the built-in pages. */
export type PageKey = (typeof PAGES)[number]['key'];

/** The bar on top of every page: name, the pages, what a page adds, the read key, and the colours. */
export function Header(props: { page: PageKey; children?: ComponentChildren }) {
  return (
    <header class="bar">
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <a class="brand" href="/">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="7" class="brand-tile" />
          <path d="M9 8l11 8-11 8z" fill="#fff" />
          <rect x="22" y="6" width="2.5" height="20" rx="1.25" fill="#fff" />
        </svg>
        Playhead
      </a>
      <nav aria-label="Pages">
        {PAGES.map(({ key, href, label }) => (
          <a key={key} href={href} aria-current={props.page === key ? 'page' : undefined}>
            {label}
          </a>
        ))}
      </nav>
      <div class="bar-end">
        {props.children}
        <KeyEntry />
        <ThemeSwitch />
      </div>
    </header>
  );
}

/** Where a read key is entered; it chooses the tenant whose data the pages show. */
function KeyEntry() {
  const [open, setOpen] = useState(false);
  const [key, setKey] = useState(readKey);
  useEffect(() => {
    const changed = () => setKey(readKey());
    window.addEventListener(KEY_CHANGED, changed);
    return () => window.removeEventListener(KEY_CHANGED, changed);
  }, []);
  const enter = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    keepReadKey(String(new FormData(form).get('read_key') ?? '').trim());
    setOpen(false);
  };
  return (
    <div class="key-entry">
      <button
        type="button"
        class="quiet"
        aria-expanded={open}
        title="The read key with which the pages ask; kept until this tab is closed"
        onClick={() => setOpen(!open)}
      >
        {key === '' ? 'Key' : `Key …${key.slice(-4)}`}
      </button>
      {open ? (
        <form class="key-form card" onSubmit={enter}>
          <label>
            Read key
            <input
              name="read_key"
              type="password"
              autocomplete="off"
              spellcheck={false}
              defaultValue={key}
              placeholder="ph_read_…"
            />
          </label>
          <button type="submit">Use</button>
          <button
            type="button"
            onClick={() => {
              keepReadKey('');
              setOpen(false);
            }}
          >
            Forget
          </button>
        </form>
      ) : null}
    </div>
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
