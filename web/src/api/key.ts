const STORED_AS = 'playhead.read_key';

/** Fired on `window` when a key was entered or removed. */
export const KEY_CHANGED = 'playhead:key';

/** The read key entered in this tab; empty when there is none or storage is off. */
export function readKey(): string {
  try {
    return sessionStorage.getItem(STORED_AS) ?? '';
  } catch {
    return '';
  }
}

/** Keeps a read key until the tab is closed; an empty one removes it. */
export function keepReadKey(key: string): void {
  try {
    if (key === '') sessionStorage.removeItem(STORED_AS);
    else sessionStorage.setItem(STORED_AS, key);
  } catch {
    // Storage is off: a key cannot be kept, and the gateway will say that it is missing.
  }
  window.dispatchEvent(new Event(KEY_CHANGED));
}

/** The headers that show the key. */
export function keyHeaders(): Record<string, string> {
  const key = readKey();
  return key === '' ? {} : { authorization: `Bearer ${key}` };
}
