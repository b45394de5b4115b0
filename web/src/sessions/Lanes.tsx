import type { ComponentChildren } from 'preact';
import type { Beacon, PlayTimeline } from '../api/contract';
import { bitrate, duration, some, timeOfDay, words } from '../page/format';
import type { Gap } from './gaps';
import { marksOf } from './marks';

/** The lanes are drawn this wide and stretched to the page. */
const WIDTH = 1000;
const HEIGHT = 60;
const TICKS = 5;
/** Nothing is drawn narrower, or it would not be seen. */
const NARROWEST = 1.5;

/** From Unix ms to a place in a lane. */
type Place = (ms: number) => number;

interface Props {
  play: PlayTimeline;
  beacons: readonly Beacon[] | null;
  gaps: readonly Gap[];
}

/** One viewing from its first beacon to its last, in lanes over one axis of time. */
export function Lanes({ play, beacons, gaps }: Props) {
  const { from, to } = extentOf(play, beacons ?? []);
  const place: Place = (ms) => ((ms - from) / Math.max(to - from, 1)) * WIDTH;
  const marks = marksOf(play);
  const top = Math.max(...play.renditions.map(({ bitrate_kbps }) => bitrate_kbps), 1);
  const buffers = (beacons ?? []).flatMap(({ event_time, buffer_ms }) =>
    buffer_ms === undefined ? [] : [{ at: Date.parse(event_time), buffer_ms }],
  );
  const fullest = Math.max(...buffers.map(({ buffer_ms }) => buffer_ms), 1);
  const lost = gaps.reduce((sum, gap) => sum + gap.lost, 0);
  return (
    <div class="lanes" data-testid="lanes">
      <Lane name="State" about={statesInWords(play)}>
        {play.intervals.map(({ state, from, to }) => (
          <rect
            key={`${state} ${from}`}
            class={`fill ${state.replaceAll('_', '-')}`}
            x={place(Date.parse(from))}
            y={8}
            width={Math.max(place(Date.parse(to)) - place(Date.parse(from)), NARROWEST)}
            height={HEIGHT - 16}
          >
            <title>{`${words(state)}, ${timeOfDay(Date.parse(from))}, ${duration(Date.parse(to) - Date.parse(from))}`}</title>
          </rect>
        ))}
      </Lane>
      <Lane
        name="Bitrate"
        note={play.renditions.length > 0 ? `up to ${bitrate(top)}` : 'not told'}
        about={play.renditions.length > 0 ? renditionsInWords(play) : 'The player told no bitrate.'}
      >
        {play.renditions.map(({ from, to, bitrate_kbps }) => {
          const height = (bitrate_kbps / top) * (HEIGHT - 8);
          return (
            <rect
              key={from}
              class="fill playing"
              x={place(Date.parse(from))}
              y={HEIGHT - height}
              width={Math.max(place(Date.parse(to)) - place(Date.parse(from)), NARROWEST)}
              height={height}
            >
              <title>{`${bitrate(bitrate_kbps)} from ${timeOfDay(Date.parse(from))}`}</title>
            </rect>
          );
        })}
      </Lane>
      <Lane
        name="Buffer"
        note={buffers.length > 0 ? `up to ${duration(fullest)}` : 'not told'}
        about={
          buffers.length > 0
            ? `Media ahead of the playhead, ${some(buffers.length, 'reading')}, at most ${duration(fullest)}.`
            : 'No beacon tells it.'
        }
      >
        {buffers.length > 0 ? (
          <polyline
            class="stroke starting"
            points={buffers
              .map(({ at, buffer_ms }) => `${place(at)},${HEIGHT - 3 - (buffer_ms / fullest) * (HEIGHT - 8)}`)
              .join(' ')}
          />
        ) : null}
      </Lane>
      <Lane
        name="Errors, ads"
        note={some(marks.length, 'event')}
        about={marks.map(({ at, label }) => `${label} at ${timeOfDay(at)}`).join('; ') || 'None.'}
      >
        {marks.map(({ at, label, colour, detail }, i) => (
          <rect
            // Events of the same moment and kind can be several.
            key={`${at} ${label} ${i}`}
            class={`fill ${colour}`}
            x={place(at) - 1}
            y={10}
            width={3}
            height={HEIGHT - 20}
          >
            <title>{`${label}, ${timeOfDay(at)} ${detail}`}</title>
          </rect>
        ))}
      </Lane>
      <Lane
        name="Beacons"
        note={beacons === null ? '' : `${some(beacons.length, 'beacon')}, ${lost} lost`}
        about={beacons === null ? 'Not known.' : beaconsInWords(beacons.length, gaps)}
      >
        {gaps.map((gap) => (
          <rect
            key={`${gap.stream} ${gap.from}`}
            class="fill stalled gap"
            x={place(gap.from)}
            y={0}
            width={Math.max(place(gap.to) - place(gap.from), 4)}
            height={HEIGHT}
          >
            <title>{`${some(gap.lost, 'beacon')} lost between ${timeOfDay(gap.from)} and ${timeOfDay(gap.to)}`}</title>
          </rect>
        ))}
        {(beacons ?? []).map(({ stream, seq, event, event_time }) => (
          <rect
            key={`${stream} ${seq}`}
            class="fill beacon"
            x={place(Date.parse(event_time))}
            y={14}
            width={1.2}
            height={HEIGHT - 28}
          >
            <title>{`${words(event)}, ${timeOfDay(Date.parse(event_time))}`}</title>
          </rect>
        ))}
      </Lane>
      <div class="lane-axis" aria-hidden="true">
        {Array.from({ length: TICKS }, (_, i) => (
          <span key={i}>{timeOfDay(from + ((to - from) * i) / (TICKS - 1))}</span>
        ))}
      </div>
    </div>
  );
}

function Lane(props: { name: string; about: string; note?: string; children: ComponentChildren }) {
  return (
    <div class="lane">
      <div class="lane-name">
        <b>{props.name}</b>
        <span class="detail">{props.note}</span>
      </div>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${props.name}: ${props.about}`}
      >
        {props.children}
      </svg>
    </div>
  );
}

function extentOf(play: PlayTimeline, beacons: readonly Beacon[]): { from: number; to: number } {
  const moments = [
    play.started_at,
    play.ended_at ?? play.last_seen_at,
    play.last_seen_at,
    ...play.intervals.flatMap(({ from, to }) => [from, to]),
    ...beacons.map(({ event_time }) => event_time),
  ].map((moment) => Date.parse(moment));
  return {
    from: moments.reduce((a, b) => Math.min(a, b)),
    to: moments.reduce((a, b) => Math.max(a, b)),
  };
}

function statesInWords({ intervals }: PlayTimeline): string {
  const total = new Map<string, number>();
  for (const { state, from, to } of intervals)
    total.set(state, (total.get(state) ?? 0) + Date.parse(to) - Date.parse(from));
  return [...total].map(([state, ms]) => `${words(state)} ${duration(ms)}`).join(', ') || 'none known.';
}

const renditionsInWords = ({ renditions }: PlayTimeline) =>
  renditions
    .slice(0, 12)
    .map(({ from, bitrate_kbps }) => `${bitrate(bitrate_kbps)} from ${timeOfDay(Date.parse(from))}`)
    .join(', ');

function beaconsInWords(count: number, gaps: readonly Gap[]): string {
  const lost = gaps.map((gap) => `${gap.lost} lost after ${timeOfDay(gap.from)}`).join(', ');
  return `${some(count, 'beacon')}; ${lost || 'none lost in between'}.`;
}
