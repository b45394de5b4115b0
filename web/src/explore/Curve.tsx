import { useMemo, useState } from 'preact/hooks';
import type { TimeseriesAnswer } from '../api/contract';
import { Chart } from '../chart/Chart';
import type { Drawing } from '../chart/options';
import { valueLabel } from '../page/dimensions';
import { dayAndTime } from '../page/format';
import { inUnit, leastOf, tickIn } from '../page/units';

/** Lines that can still be told apart. */
const LINES_MAX = 8;

/** One line of the chart. */
interface Line {
  label: string;
  values: (number | null)[];
}

interface Props {
  title: string;
  unit: string;
  curve: TimeseriesAnswer;
  /** The curve of the earlier window that it is compared with, step by step. */
  before: TimeseriesAnswer | null;
}

/** A metric over time, a line for each group. */
export function Curve({ title, unit, curve, before }: Props) {
  const [index, setIndex] = useState<number | null>(null);
  const lines = useMemo(() => linesOf(curve, before), [curve, before]);
  const seconds = useMemo(() => curve.times.map((time) => Date.parse(time) / 1000), [curve]);
  const data = useMemo(
    () => [seconds, ...lines.map(({ values }) => values)] as [number[], ...(number | null)[][]],
    [seconds, lines],
  );
  const drawing: Drawing = {
    kind: lines.length === 1 ? 'line' : 'lines',
    measures: lines.map(({ label }, i) => ({
      label,
      colour: before && i === 1 ? 'muted' : `series-${i + 1}`,
      isDashed: before !== null && i === 1,
    })),
    value: tickIn(unit),
    least: leastOf(unit),
  };
  const at = index ?? lastKnown(lines, seconds.length);
  const reading = (i: number) =>
    `${dayAndTime((seconds[i] ?? 0) * 1000)}: ${lines
      .map(({ label, values }) => `${label} ${inUnit(unit, values[i] ?? null)}`)
      .join(', ')}`;
  if (lines.length === 0) return <p class="detail">Nothing happened in this window.</p>;
  const hidden = curve.series.length - LINES_MAX;
  return (
    <>
      <Chart
        // Another set of lines is another chart.
        key={`${unit} ${lines.map(({ label }) => label).join('\n')}`}
        name={title}
        summary={`${title}, ${lines.length === 1 ? 'one line' : `${lines.length} lines`}. ${at >= 0 ? reading(at) : ''}`}
        drawing={drawing}
        data={data}
        extent={{
          from: Date.parse(curve.from) / 1000,
          to: Date.parse(curve.to) / 1000,
          provisionalFrom: curve.complete_to === null ? null : Date.parse(curve.complete_to) / 1000,
        }}
        reading={reading}
        onIndex={setIndex}
      />
      <div class="legend">
        <span class="legend-at">{at < 0 ? 'no data' : dayAndTime((seconds[at] ?? 0) * 1000)}</span>
        {lines.map(({ label, values }, i) => (
          <span key={label} class="key">
            <i class={`swatch ${drawing.measures[i]?.colour}`} aria-hidden="true" />
            {label} <b>{inUnit(unit, values[at] ?? null)}</b>
          </span>
        ))}
        {hidden > 0 ? <span class="legend-note">{hidden} more in the table.</span> : null}
      </div>
    </>
  );
}

function linesOf(curve: TimeseriesAnswer, before: TimeseriesAnswer | null): Line[] {
  const lines = curve.series.slice(0, LINES_MAX).map(({ group, metrics }) => ({
    label:
      Object.entries(group)
        .map(([dimension, value]) => valueLabel(dimension, value))
        .join(', ') || (before ? 'this window' : 'all'),
    values: Object.values(metrics)[0] ?? [],
  }));
  const earlier = before?.series[0] && Object.values(before.series[0].metrics)[0];
  return earlier && lines.length === 1 ? [...lines, { label: 'before', values: earlier }] : lines;
}

/** The newest step that has a number. */
function lastKnown(lines: Line[], steps: number): number {
  for (let i = steps - 1; i >= 0; i -= 1) {
    if (lines.some(({ values }) => typeof values[i] === 'number')) return i;
  }
  return steps - 1;
}
