import { useEffect, useState } from 'preact/hooks';

/** What changes in the address: null or an empty text or list takes a parameter out. */
export type Changes = Record<string, string | readonly string[] | null>;

/** The query string with changes, other parameters kept. */
export function changedSearch(search: string, changes: Changes): string {
  const parameters = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    parameters.delete(name);
    const values = value === null ? [] : typeof value === 'string' ? [value] : value;
    for (const each of values) if (each !== '') parameters.append(name, each);
  }
  const text = readable(parameters);
  return text === '' ? '' : `?${text}`;
}

/** A query string in which times, filters and lists can be read: a query may hold `:`, `,` and `/` as they are. */
export function readable(parameters: URLSearchParams): string {
  return parameters.toString().replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%2F', '/');
}

/** The page's state, which stands in its address: what it is, and how it changes. */
export function useAddress(): [URLSearchParams, (changes: Changes) => void] {
  const [search, setSearch] = useState(location.search);
  useEffect(() => {
    const moved = () => setSearch(location.search);
    window.addEventListener('popstate', moved);
    return () => window.removeEventListener('popstate', moved);
  }, []);
  const change = (changes: Changes) => {
    const next = changedSearch(location.search, changes);
    if (next === location.search) return;
    history.pushState(null, '', next === '' ? location.pathname : next);
    setSearch(next);
  };
  return [new URLSearchParams(search), change];
}
