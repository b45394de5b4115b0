/** How long the trail remembers; s. */
const REMEMBERED_SECONDS = 600;
/** A gap between two answers up to this is bridged; s. */
const BRIDGED_SECONDS = 5;

/**
 * The numbers of viewers as the page has seen them, answer by answer. The curve knows running
 * sessions only up to their last beacon; the trail shows what has been there since.
 */
export class Trail {
  private points: { second: number; viewers: number }[] = [];

  /** Takes the number of an answer made at a moment (Unix ms). */
  add(asOfMs: number, viewers: number): void {
    const second = asOfMs / 1000;
    const last = this.points.at(-1);
    if (last && last.second >= second) return;
    this.points.push({ second, viewers });
    this.points = this.points.filter((point) => point.second > second - REMEMBERED_SECONDS);
  }

  /** The number known at each of these seconds (rising) after `from`; null where none is. */
  over(seconds: readonly number[], from: number | null): (number | null)[] {
    let at = 0;
    return seconds.map((second) => {
      while ((this.points[at + 1]?.second ?? Number.POSITIVE_INFINITY) <= second) at += 1;
      const point = this.points[at];
      const known = point && point.second <= second && second - point.second <= BRIDGED_SECONDS;
      return known && (from === null || second >= from) ? point.viewers : null;
    });
  }
}
