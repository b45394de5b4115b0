/** Shown where a value is not known: unknown is not zero. */
export const UNKNOWN = '–';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const hours = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** A count: `12,345`, from ten million on `12.35M`. */
export function count(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN;
  return value >= 10_000_000 ? short.format(value) : whole.format(value);
}

/** A count with its noun: `1 stall`, `2 stalls`. */
export function some(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A duration given in ms: `568 ms`, `1.99 s`, `2 min 5 s`. */
export function duration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return UNKNOWN;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A share given as a fraction: 0.0123 is `1.23 %`. */
export function percent(fraction: number | null): string {
  if (fraction === null || !Number.isFinite(fraction)) return UNKNOWN;
  const value = fraction * 100;
  return `${value.toFixed(value >= 10 ? 1 : 2)} %`;
}

/** A bitrate given in kbit/s: `831 kbit/s`, from 1,000 on `4.21 Mbit/s`. */
export function bitrate(kbps: number | null): string {
  if (kbps === null || !Number.isFinite(kbps)) return UNKNOWN;
  return kbps < 999.5 ? `${Math.round(kbps)} kbit/s` : `${(kbps / 1000).toFixed(2)} Mbit/s`;
}

/** A moment (Unix ms) as the viewer's own clock shows it, to the second. */
export function timeOfDay(ms: number): string {
  return clock.format(ms);
}

/** The same to the minute. */
export function minuteOfDay(ms: number): string {
  return hours.format(ms);
}

const dated = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** A moment (Unix ms) with its day, when that is not today. */
export function dayAndTime(ms: number, now = Date.now()): string {
  const isToday = new Date(ms).toDateString() === new Date(now).toDateString();
  return isToday ? clock.format(ms) : dated.format(ms);
}

/** A place in a title (ms) as players show it: `4:05`, `1:02:03`. */
export function playhead(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A wire word for people: `smart_tv` is `smart TV`, empty is `unknown`. */
export function words(name: string): string {
  if (name === '' || name === 'unspecified') return 'unknown';
  return name.replaceAll('_', ' ').replace(/\btv\b/, 'TV');
}
