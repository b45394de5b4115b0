import { countryName } from '../map/names';
import { words } from './format';

/** The dimensions of the rollups, which every gateway has; `GET /v1/dimensions` may name more. */
export const DIMENSIONS: readonly string[] = [
  'content_id',
  'device_class',
  'country',
  'cdn',
  'region',
  'isp',
  'app_version',
  'source',
  'variant',
];

/** What plays are searched by: all that a gateway tells them apart by, but experiments, of which a play has several. */
export const OF_PLAYS: readonly string[] = [
  'end_reason',
  'last_error_code',
  ...DIMENSIONS.filter((name) => name !== 'variant'),
  'content_series',
  'content_channel',
  'stream_type',
  'os_name',
  'os_version',
  'device_model',
  'player_name',
  'player_version',
  'connection_type',
  'write_key',
];

const LABELS: Record<string, string> = {
  content_id: 'title',
  cdn: 'CDN',
  isp: 'internet provider',
  source: 'protocol',
  app_version: 'app version',
};

/** A dimension in words: `device_class` is `device class`. */
export const dimensionLabel = (name: string) => LABELS[name] ?? words(name);

/** A value of a dimension in words. */
export function valueLabel(dimension: string, value: string): string {
  if (value === '') return 'unknown';
  if (dimension === 'country') return countryName(value);
  if (dimension === 'device_class') return words(value);
  return value;
}
