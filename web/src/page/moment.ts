const UNIT_MS: Record<string, number> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * The moment of `now` or `now-15m` in RFC 3339, to the second, for resources that take no other; any other text as it
 * is. `now` is Unix ms.
 */
export function resolved(text: string, now = Date.now()): string {
  const [, number, unit] = /^now(?:-(\d{1,6})([smhdw]))?$/.exec(text) ?? [null];
  if (number === undefined && text !== 'now') return text;
  const back = Number(number ?? 0) * (UNIT_MS[unit ?? ''] ?? 0);
  return `${new Date(now - back).toISOString().slice(0, 19)}Z`;
}
