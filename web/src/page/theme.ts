/** What the viewer chose: the system's colours, or one of the two. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'playhead.theme';

/** The choice made earlier on this device; `system` when there is none or storage is off. */
export function chosenTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system';
  }
}

/** Applies a choice to the page, keeps it, and tells the charts, which paint their own colours. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is off: the choice holds until the page is left.
  }
  window.dispatchEvent(new Event(THEME_CHANGED));
}

/** Fired on `window` when the colours change, by choice or by the system. */
export const THEME_CHANGED = 'playhead:theme';

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  window.dispatchEvent(new Event(THEME_CHANGED));
});
