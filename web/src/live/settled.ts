import { timeOfDay } from '../page/format';

/** Why the numbers of the last minutes are not called complete, for who looks at them. */
export function whyNotYet(completeTo: number | null): string {
  const why =
    'a viewer who falls silent is waited for, since beacons may be on their way, and then the minutes are computed anew.';
  return completeTo === null
    ? `Paler: may still change; ${why}`
    : `Paler: may still change. Complete to ${timeOfDay(completeTo)}, some minutes back: ${why}`;
}
