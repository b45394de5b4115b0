/** A metric that a panel of the live page can show. */
export interface Chosen {
  /** Its concept, as the API and the address name it. */
  key: string;
  label: string;
  unit: string;
  higherIs: 'better' | 'worse' | '';
}

/** The metrics to choose from, the one that is shown first in front. */
export const CHOICES: readonly Chosen[] = [
  { key: 'plays', label: 'plays', unit: 'count', higherIs: '' },
  { key: 'rebuffering_ratio', label: 'rebuffering', unit: 'ratio', higherIs: 'worse' },
  { key: 'startup_time', label: 'start-up time', unit: 'ms', higherIs: 'worse' },
  { key: 'average_bitrate', label: 'bitrate', unit: 'kbps', higherIs: 'better' },
  { key: 'failures', label: 'failures', unit: 'count', higherIs: 'worse' },
  { key: 'errors', label: 'errors', unit: 'count', higherIs: 'worse' },
];

/** The choice that an address names. */
export function chosenOf(key: string | null, otherwise: string): Chosen {
  const [first] = CHOICES as [Chosen, ...Chosen[]];
  return (
    CHOICES.find((choice) => choice.key === key) ??
    CHOICES.find((choice) => choice.key === otherwise) ??
    first
  );
}
