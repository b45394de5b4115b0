/** What the gateway made of one beacon (docs/gate.md, "The integrator's view"). */
export interface Told {
  received_time_ms: number;
  door: string;
  index: number;
  outcome: string;
  reason?: string;
  field?: string;
  message?: string;
  advice?: string[];
  beacon?: Record<string, unknown>;
}

/** One line of the tail. */
export interface Line {
  /** Rises with each line. */
  no: number;
  told: Told;
}

/** What has come so far. */
export interface Tail {
  /** The newest first. */
  lines: Line[];
  count: number;
  /** How many beacons had each outcome. */
  outcomes: Record<string, number>;
  /** Events that the gateway had to leave out, because they came faster than they were read. */
  missed: number;
}

export const EMPTY: Tail = { lines: [], count: 0, outcomes: {}, missed: 0 };

/** More lines nobody reads. */
export const LINES_MAX = 200;

/** The tail after one more event of the stream. */
export function heard(tail: Tail, event: string, data: string): Tail {
  if (event === 'missed') {
    const { missed } = JSON.parse(data) as { missed: number };
    return { ...tail, missed: tail.missed + missed };
  }
  if (event !== 'beacon') return tail;
  const told = JSON.parse(data) as Told;
  const count = tail.count + 1;
  return {
    ...tail,
    count,
    lines: [{ no: count, told }, ...tail.lines].slice(0, LINES_MAX),
    outcomes: { ...tail.outcomes, [told.outcome]: (tail.outcomes[told.outcome] ?? 0) + 1 },
  };
}
