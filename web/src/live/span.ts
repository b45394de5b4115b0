/** The windows that the page offers; the key stands in the page's address and in the API's. */
export const SPANS = [
  { key: '5m', seconds: 300, label: '5 min' },
  { key: '15m', seconds: 900, label: '15 min' },
  { key: '1h', seconds: 3600, label: '1 h' },
  { key: '6h', seconds: 21_600, label: '6 h' },
] as const;

/** One of the windows. */
export type Span = (typeof SPANS)[number];

const DEFAULT: Span = SPANS[1];

/** The window that an address names (`?window=1h`); 15 min when it names none of ours. */
export function spanOf(address: URLSearchParams): Span {
  const key = address.get('window');
  return SPANS.find((span) => span.key === key) ?? DEFAULT;
}
