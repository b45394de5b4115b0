import uPlot from 'uplot';
import { colour, faded } from './palette';

/** One measure of a chart. */
export interface Measure {
  label: string;
  /** Name of its colour in the style sheet. */
  colour: string;
  /** Drawn in dashes, as something to compare with. */
  isDashed?: boolean;
}

/** How a chart is drawn; what it shows comes with its data. */
export interface Drawing {
  kind: 'stack' | 'bars' | 'line' | 'lines' | 'steps';
  measures: readonly Measure[];
  /** Labels of the y axis. */
  value: (value: number) => string;
  /** The top of the y axis is at least this. */
  least: number;
}

/** What changes from answer to answer without a new chart. */
export interface Extent {
  /** Ends of the time axis; Unix s. */
  from: number;
  to: number;
  /** From here on numbers may still change; Unix s. Null: nothing is marked. */
  provisionalFrom: number | null;
}

/** Points of a line are marked up to this many; beyond they would hide it. */
const POINTS_SHOWN_MAX = 70;

/** Distances of the time axis's labels. uPlot's own know no 2 min, and a small chart then has one label. */
const TICK_SECONDS = [
  1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800,
];

const steps = uPlot.paths.stepped?.({ align: 1 });
const bars = uPlot.paths.bars?.({ size: [0.75, 48], align: 1, radius: 0.15 });

/** uPlot's options for a drawing; `extent` is read anew at each draw. */
export function options(
  drawing: Drawing,
  size: { width: number; height: number },
  extent: () => Extent,
  moved: (index: number | null) => void,
): uPlot.Options {
  const scale = Math.max(12, Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.78);
  const axis = {
    stroke: colour('muted'),
    font: `${scale}px ${getComputedStyle(document.body).fontFamily}`,
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  };
  return {
    ...size,
    legend: { show: false },
    // The last label of the time axis reaches beyond it.
    padding: [scale * 0.6, scale * 2.6, 0, 0],
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { show: drawing.kind === 'line' || drawing.kind === 'lines' },
    },
    scales: {
      x: { time: true, range: () => [extent().from, extent().to] },
      y: { range: (_u, _min, max) => [0, Math.max(max * 1.08, drawing.least)] },
    },
    axes: [
      {
        ...axis,
        incrs: TICK_SECONDS,
        space: clockSpace(scale),
        size: scale * 2.2,
        gap: scale * 0.5,
        values: clockLabels,
        grid: { show: false },
      },
      {
        ...axis,
        space: scale * 2.6,
        size: axisWidth(scale),
        values: (_u, ticks) => ticks.map(drawing.value),
      },
    ],
    series: [{}, ...drawing.measures.map((measure) => series(drawing, measure))],
    bands:
      drawing.kind === 'stack' ? drawing.measures.slice(1).map((_, i) => ({ series: [i + 2, i + 1] })) : [],
    hooks: {
      draw: [(u) => veil(u, extent().provisionalFrom)],
      setCursor: [(u) => moved(u.cursor.idx ?? null)],
    },
  };
}

function series(drawing: Drawing, measure: Measure): uPlot.Series {
  const base = { label: measure.label, stroke: colour(measure.colour) };
  switch (drawing.kind) {
    case 'stack':
      return { ...base, width: 0, fill: faded(measure.colour, 0.8), points: { show: false } };
    case 'bars':
      return {
        ...base,
        width: 0,
        fill: colour(measure.colour),
        points: { show: false },
        ...(bars && { paths: bars }),
      };
    case 'lines':
      return { ...base, width: 2, points: { show: false }, ...(measure.isDashed && { dash: [5, 5] }) };
    case 'steps':
      return {
        ...base,
        width: 2,
        fill: faded(measure.colour, 0.12),
        points: { show: false },
        ...(steps && { paths: steps }),
      };
    case 'line':
      return {
        ...base,
        width: 2,
        fill: faded(measure.colour, 0.12),
        points: { show: (u) => u.data[0].length <= POINTS_SHOWN_MAX, size: 5, fill: colour(measure.colour) },
      };
  }
}

/** Pales what may still change, and marks where it begins, when that is in sight. */
function veil(u: uPlot, from: number | null): void {
  const right = u.bbox.left + u.bbox.width;
  if (from === null) return;
  const begin = u.valToPos(from, 'x', true);
  const left = Math.max(begin, u.bbox.left);
  if (left >= right) return;
  u.ctx.save();
  u.ctx.fillStyle = faded('card', 0.4);
  u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
  if (begin > u.bbox.left) {
    u.ctx.strokeStyle = colour('muted');
    u.ctx.setLineDash([4, 4]);
    u.ctx.beginPath();
    u.ctx.moveTo(left, u.bbox.top);
    u.ctx.lineTo(left, u.bbox.top + u.bbox.height);
    u.ctx.stroke();
  }
  u.ctx.restore();
}

const withSeconds = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const withoutSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

function clockLabels(_u: uPlot, ticks: number[]): string[] {
  const [first = 0, second = first] = ticks;
  if (second - first >= 86_400) return ticks.map((tick) => days.format(tick * 1000));
  const format = ticks.some((tick) => tick % 60 !== 0) ? withSeconds : withoutSeconds;
  return ticks.map((tick) => format.format(tick * 1000));
}

/** Room for a label of the time axis, in CSS pixels: less where it has no seconds. */
function clockSpace(fontSize: number): uPlot.Axis.Space {
  return (_u, _axis, min, max, width) => {
    const halfMinute = (width * 30) / (max - min);
    const room = fontSize * 5.6;
    return halfMinute >= room ? room : Math.max(fontSize * 3.9, halfMinute + 1);
  };
}

/** Room for the longest label of the y axis, in CSS pixels. */
function axisWidth(fontSize: number): uPlot.Axis.Size {
  return (_u, labels) => {
    const longest = (labels ?? []).reduce((max, label) => Math.max(max, label.length), 3);
    return Math.ceil(longest * fontSize * 0.6 + fontSize * 1.2);
  };
}
