import { api } from '../api/client';
import type { Beacon, PlayTimeline } from '../api/contract';
import { useFeed } from '../api/useFeed';
import { valueLabel } from '../page/dimensions';
import { bitrate, count, dayAndTime, duration, percent, timeOfDay, UNKNOWN, words } from '../page/format';
import { Trouble } from '../page/Panel';
import { beaconsOf, type Gap, gapsOf } from './gaps';
import { Lanes } from './Lanes';
import { marksOf } from './marks';

/** A viewing that runs grows; one that has ended changes only by late beacons. */
const POLL_MS = 5_000;
const BEACONS_MAX = 1_000;

/** One session: its plays, each with its timeline. */
export function Session({ id }: { id: string }) {
  const session = useFeed(id, (signal) => api.session(id, signal), POLL_MS);
  const beacons = useFeed(id, (signal) => api.beacons(id, { limit: BEACONS_MAX }, signal), POLL_MS);
  const plays = session.answer?.plays ?? [];
  return (
    <main id="content" class="session">
      <h1>
        Session <code>{id}</code>
      </h1>
      <Trouble feed={session} resource="GET /v1/sessions/{session_id}" />
      {plays.map((play) => (
        <Viewing
          key={play.play_no}
          play={play}
          isOnly={plays.length === 1}
          beacons={beacons.answer ? ofPlay(play, plays, beaconsOf(beacons.answer.items), startOf) : null}
          gaps={ofPlay(play, plays, gapsOf(beacons.answer?.items ?? []), ({ to }) => to)}
        />
      ))}
      {session.answer ? <Trouble feed={beacons} resource="GET /v1/sessions/{session_id}/beacons" /> : null}
    </main>
  );
}

const startOf = ({ event_time }: Beacon) => Date.parse(event_time);

/** What lies between the begin of a play and the begin of the next one. */
function ofPlay<T>(
  play: PlayTimeline,
  plays: readonly PlayTimeline[],
  all: readonly T[],
  moment: (each: T) => number,
): T[] {
  const begin = play.play_no === 1 ? Number.NEGATIVE_INFINITY : Date.parse(play.started_at);
  const next = plays.find(({ play_no }) => play_no === play.play_no + 1);
  const end = next ? Date.parse(next.started_at) : Number.POSITIVE_INFINITY;
  return all.filter((each) => moment(each) >= begin && moment(each) < end);
}

function Viewing(props: { play: PlayTimeline; isOnly: boolean; beacons: Beacon[] | null; gaps: Gap[] }) {
  const { play, beacons, gaps } = props;
  const marks = marksOf(play);
  return (
    <section class="card viewing" aria-labelledby={`play-${play.play_no}`}>
      <h2 id={`play-${play.play_no}`}>
        {props.isOnly ? '' : `Play ${play.play_no}: `}
        {play.content_title || play.content_id || 'an unnamed title'}
      </h2>
      <p class="detail">
        {dayAndTime(Date.parse(play.started_at))} to{' '}
        {play.ended_at ? timeOfDay(Date.parse(play.ended_at)) : 'now'} ·{' '}
        <b data-testid="end-reason">{words(play.end_reason)}</b>
      </p>
      <Lanes play={play} beacons={beacons} gaps={gaps} />
      <StateLegend />
      <Facts play={play} />
      {marks.length > 0 ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section class="scroll bounded" aria-label="Errors and ads" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Errors and ads</th>
                <th scope="col">Time</th>
                <th scope="col">Detail</th>
              </tr>
            </thead>
            <tbody>
              {marks.map((mark, i) => (
                <tr key={`${mark.at} ${mark.label} ${i}`}>
                  <th scope="row">{mark.label}</th>
                  <td>{timeOfDay(mark.at)}</td>
                  <td>{mark.detail || UNKNOWN}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      {beacons && beacons.length > 0 ? <Beacons beacons={beacons} /> : null}
    </section>
  );
}

const STATES = ['preloading', 'starting', 'playing', 'stalled', 'seeking', 'paused', 'in_ad'];

function StateLegend() {
  return (
    <div class="legend">
      {STATES.map((state) => (
        <span key={state} class="key">
          <i class={`swatch ${state.replaceAll('_', '-')}`} aria-hidden="true" />
          {words(state)}
        </span>
      ))}
      <span class="key">
        <i class="swatch stalled gap" aria-hidden="true" />
        beacons lost
      </span>
    </div>
  );
}

function Facts({ play }: { play: PlayTimeline }) {
  const join = (...parts: string[]) => parts.filter(Boolean).join(' ') || UNKNOWN;
  const facts: [string, string][] = [
    ['viewer', join(play.viewer_id)],
    ['device', join(words(play.device_class), play.device_model, play.os_name, play.os_version)],
    ['app', join(play.app_version)],
    ['player', join(play.player_name, play.player_version)],
    ['network', join(valueLabel('country', play.country), play.isp)],
    ['CDN', join(play.cdn)],
    ['protocol', join(play.source)],
    ['start-up', duration(play.startup_ms)],
    ['played', duration(play.playing_ms)],
    ['stalls', `${count(play.stall_count)}, ${duration(play.stalled_ms)}`],
    ['rebuffering', percent(play.watch_ms > 0 ? play.stalled_ms / play.watch_ms : null)],
    ['bitrate', bitrate(play.average_bitrate_kbps)],
    ['errors', join(count(play.error_count), play.last_error_code)],
    [
      'beacons',
      `${count(play.beacons_received)} received, ${count(play.beacons_lost)} lost, ${count(play.beacons_duplicated)} repeated`,
    ],
  ];
  return (
    <dl class="fact-grid">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-testid={`fact-${name}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Beacons({ beacons }: { beacons: readonly Beacon[] }) {
  return (
    <details>
      <summary>Every beacon</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll bounded" aria-label="Beacons" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Beacon</th>
              <th scope="col">Time</th>
              <th scope="col">On the way</th>
              <th scope="col">State</th>
              <th scope="col">Position</th>
              <th scope="col">Bitrate</th>
              <th scope="col">Buffer</th>
            </tr>
          </thead>
          <tbody>
            {beacons.map((beacon) => (
              <tr key={`${beacon.stream} ${beacon.seq}`}>
                <th scope="row">
                  {beacon.seq_is_ordinal ? `${beacon.seq} ` : ''}
                  {words(beacon.event)}
                </th>
                <td>{timeOfDay(Date.parse(beacon.event_time))}</td>
                <td>{duration(Date.parse(beacon.received_time) - Date.parse(beacon.event_time))}</td>
                <td>{beacon.state ? words(beacon.state) : UNKNOWN}</td>
                <td>{duration(beacon.position_ms ?? null)}</td>
                <td>{bitrate(beacon.bitrate_kbps ?? null)}</td>
                <td>{duration(beacon.buffer_ms ?? null)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
