/** A colour of the page's style sheet (`--playing`, ...), as the canvas needs it; follows the theme. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** The same with an opacity from 0 to 1. */
export function faded(name: string, opacity: number): string {
  return withOpacity(colour(name), opacity);
}

/** `#rgb` or `#rrggbb` (the build shortens where it can) with an opacity from 0 to 1. */
export function withOpacity(hex: string, opacity: number): string {
  const digits = hex.slice(1);
  const long = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const alpha = Math.round(opacity * 255);
  return `#${long}${alpha.toString(16).padStart(2, '0')}`;
}
