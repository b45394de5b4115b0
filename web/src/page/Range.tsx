import { useId, useState } from 'preact/hooks';

/** A window as the API spells its ends: RFC 3339, `now`, `now-1h`, `now/d`. */
export interface Range {
  from: string;
  to: string;
}

export const RANGES = [
  { from: 'now-15m', to: 'now', label: '15 min' },
  { from: 'now-1h', to: 'now', label: '1 h' },
  { from: 'now-6h', to: 'now', label: '6 h' },
  { from: 'now-1d', to: 'now', label: '24 h' },
  { from: 'now-7d', to: 'now', label: '7 d' },
] as const;

/** The hour until now, as with the API. */
const DEFAULT: Range = RANGES[1];

/** The window that an address names. */
export function rangeOf(address: URLSearchParams): Range {
  return { from: address.get('from') ?? DEFAULT.from, to: address.get('to') ?? DEFAULT.to };
}

/** Choosing a window: the usual ones by a click, any other by its ends. */
export function RangeChoice({ range, choose }: { range: Range; choose: (range: Range) => void }) {
  const id = useId();
  const isUsual = RANGES.some(({ from, to }) => from === range.from && to === range.to);
  const [open, setOpen] = useState(!isUsual);
  const enter = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    choose({ from: String(form.get('from')).trim(), to: String(form.get('to')).trim() });
  };
  return (
    <div class="range">
      <fieldset class="segments">
        <legend class="visually-hidden">Window</legend>
        {RANGES.map(({ from, to, label }) => (
          <button
            type="button"
            key={label}
            aria-pressed={from === range.from && to === range.to}
            onClick={() => choose({ from, to })}
          >
            {label}
          </button>
        ))}
        <button type="button" aria-expanded={open} aria-pressed={!isUsual} onClick={() => setOpen(!open)}>
          Other
        </button>
      </fieldset>
      {open ? (
        <form class="range-form" onSubmit={enter} key={`${range.from} ${range.to}`}>
          <label for={`${id}-from`}>From</label>
          <input id={`${id}-from`} name="from" defaultValue={range.from} placeholder="now-2h" />
          <label for={`${id}-to`}>to</label>
          <input id={`${id}-to`} name="to" defaultValue={range.to} placeholder="now" />
          <button type="submit">Show</button>
        </form>
      ) : null}
    </div>
  );
}
