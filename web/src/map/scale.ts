/** Shades of the map, from the palest to the strongest. */
export const LEVELS = 5;

/**
 * Which shade a value has, from 1 to {@link LEVELS}: counts by their magnitude, since one country often has most of an
 * audience; other numbers by their place between the least and the greatest.
 */
export function levelOf(value: number, values: readonly number[], isCount: boolean): number {
  const place = isCount ? Math.log1p : (each: number) => each;
  const least = isCount ? 0 : place(Math.min(...values));
  const most = place(Math.max(...values));
  if (most <= least) return value > 0 ? LEVELS : 1;
  return Math.min(LEVELS, Math.max(1, Math.ceil(((place(value) - least) / (most - least)) * LEVELS)));
}
