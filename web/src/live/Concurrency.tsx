import { useMemo, useState } from 'preact/hooks';
import { Chart } from '../chart/Chart';
import type { Drawing } from '../chart/options';
import { stacked } from '../chart/stack';
import { count, timeOfDay } from '../page/format';
import { sinceFirstViewer } from './beginning';
import { CURVE_STATES, type Curve, type CurveState, DOINGS, type Live } from './model';
import { whyNotYet } from './settled';

const COLOUR: Record<CurveState, string> = {
  playing: 'playing',
  in_ad: 'in-ad',
  paused: 'paused',
  seeking: 'seeking',
  starting: 'starting',
  stalled: 'stalled',
};
const LABEL: Record<CurveState, string> = {
  playing: 'playing',
  in_ad: 'in an ad',
  paused: 'paused',
  seeking: 'seeking',
  starting: 'starting',
  stalled: 'stalled',
};
const DOING_LABEL = {
  watching: 'watching',
  in_ad: 'in an ad',
  paused: 'paused',
  starting: 'starting',
  buffering: 'buffering',
} as const;

const DRAWING: Drawing = {
  kind: 'stack',
  measures: CURVE_STATES.map((state) => ({ label: LABEL[state], colour: COLOUR[state] })),
  value: count,
  least: 5,
};

/** Who is there: the number now, and the curve to the second, by state. */
export function Concurrency({ live }: { live: Live }) {
  const [index, setIndex] = useState<number | null>(null);
  const curve = useMemo(() => sinceFirstViewer(live.curve, live.to / 1000), [live]);
  const data = useMemo(
    () =>
      [curve.seconds, ...stacked(CURVE_STATES.map((state) => curve.states[state]))] as [
        number[],
        ...number[][],
      ],
    [curve],
  );
  const { viewersNow: now } = live;
  const at = index ?? lastSettled(curve);
  const second = curve.seconds[at];
  const reading = (i: number) =>
    `${timeOfDay((curve.seconds[i] ?? 0) * 1000)}: ${count(curve.sessions[i] ?? 0)} viewers, ${CURVE_STATES.map(
      (state) => `${count(curve.states[state][i] ?? 0)} ${LABEL[state]}`,
    ).join(', ')}`;
  // Those who came last are not on the curve yet: then the peak is now.
  const peakText =
    curve.peak && curve.peak.sessions >= now
      ? `peak ${count(curve.peak.sessions)} at ${timeOfDay(curve.peak.second * 1000)}`
      : now > 0
        ? 'more than ever in this window'
        : 'nobody in this window';
  return (
    <section class="card concurrency" aria-labelledby="concurrency-title">
      <div class="card-head">
        <h2 id="concurrency-title">Concurrent viewers</h2>
        <p class="headline" data-testid="viewers-now">
          {count(now)}
        </p>
        <p class="detail">{peakText}</p>
        <ul class="doings" aria-label="Viewers now, by what they do">
          {DOINGS.map((doing) => (
            <li key={doing}>
              <b>{count(live.now[doing])}</b> {DOING_LABEL[doing]}
            </li>
          ))}
        </ul>
      </div>
      <Chart
        name="Concurrent viewers"
        summary={`Concurrent viewers by state, second by second: ${count(now)} now, ${peakText}.`}
        drawing={DRAWING}
        data={data}
        extent={{
          from: curve.seconds[0] ?? live.from / 1000,
          to: live.to / 1000,
          provisionalFrom: live.completeTo === null ? null : live.completeTo / 1000,
        }}
        reading={reading}
        onIndex={setIndex}
      />
      <div class="legend">
        <span class="legend-at">{second === undefined ? 'no data' : timeOfDay(second * 1000)}</span>
        {CURVE_STATES.map((state) => (
          <span key={state} class="key">
            <i class={`swatch ${COLOUR[state]}`} aria-hidden="true" />
            {LABEL[state]} <b>{count(curve.states[state][at] ?? 0)}</b>
          </span>
        ))}
        <span class="legend-note">{whyNotYet(live.completeTo)}</span>
      </div>
    </section>
  );
}

/** The newest point that every running session has reached; the newest of all where none is known. */
function lastSettled(curve: Curve): number {
  const { seconds, settledTo } = curve;
  const at = seconds.findLastIndex((second) => second <= (settledTo ?? Number.POSITIVE_INFINITY));
  return at >= 0 ? at : seconds.length - 1;
}
