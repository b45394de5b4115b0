import type { Beacon, MissingBeacons } from '../api/contract';

/** Beacons that were sent and never came, with the moments between which they were sent. */
export interface Gap {
  stream: string;
  /** The last beacon before, and the first one after it; Unix ms. */
  from: number;
  to: number;
  lost: number;
}

/** The beacons of an answer, without what is missing between them. */
export function beaconsOf(items: readonly (Beacon | MissingBeacons)[]): Beacon[] {
  return items.filter((item) => item.kind === 'beacon');
}

/** The gaps of an answer. One whose neighbours are not on the page stands at the one that is. */
export function gapsOf(items: readonly (Beacon | MissingBeacons)[]): Gap[] {
  const moments = new Map(
    beaconsOf(items).map(({ stream, seq, event_time }) => [`${seq} ${stream}`, Date.parse(event_time)]),
  );
  return items.flatMap((item) => {
    if (item.kind !== 'gap') return [];
    const { stream, first_seq, last_seq, count } = item;
    const before = moments.get(`${first_seq - 1} ${stream}`);
    const after = moments.get(`${last_seq + 1} ${stream}`);
    const [from, to] = [before ?? after, after ?? before];
    return from === undefined || to === undefined ? [] : [{ stream, from, to, lost: count }];
  });
}
