import { useId } from 'preact/hooks';
import { api } from '../api/client';
import type { PlaySummary, SessionsAnswer } from '../api/contract';
import { useFeed } from '../api/useFeed';
import { type Changes, useAddress } from '../page/address';
import { OF_PLAYS, valueLabel } from '../page/dimensions';
import { Filters } from '../page/Filters';
import { filterOf } from '../page/filter';
import { bitrate, count, dayAndTime, duration, words } from '../page/format';
import { Panel } from '../page/Panel';
import { RangeChoice, rangeOf } from '../page/Range';

const POLL_MS = 5_000;
/** As many as fit on two screens: each costs the warehouse a look at a place of its own. */
const ROWS_MAX = 50;

/** Looks for sessions: by id, viewer, title, window and whatever else plays are told apart by. */
export function Search() {
  const [address, change] = useAddress();
  const range = rangeOf(address);
  const viewer_id = address.get('viewer_id') ?? '';
  const content_id = address.get('content_id') ?? '';
  const cursor = address.get('cursor') ?? '';
  const filters = address.getAll('filter').filter((text) => filterOf(text) !== null);
  const question = {
    ...range,
    viewer_id,
    content_id,
    limit: ROWS_MAX,
    ...(filters.length > 0 && { filter: filters }),
    ...(cursor && { cursor }),
  };
  // Another question begins at its first page.
  const ask = (changes: Changes) => change({ ...changes, cursor: null });
  const found = useFeed(JSON.stringify(question), (signal) => api.sessions(question, signal), POLL_MS);
  const enter = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    if (text('session_id')) location.assign(`/sessions/${encodeURIComponent(text('session_id'))}`);
    else ask({ viewer_id: text('viewer_id'), content_id: text('content_id') });
  };
  return (
    <main id="content" class="search">
      <h1 class="visually-hidden">Sessions</h1>
      <section class="card controls" aria-label="Search">
        <form class="fields" onSubmit={enter} key={`${viewer_id} ${content_id}`}>
          <Field label="Session id" name="session_id" value="" />
          <Field label="Viewer id" name="viewer_id" value={viewer_id} />
          <Field label="Title id" name="content_id" value={content_id} />
          <button type="submit">Search</button>
        </form>
        <RangeChoice range={range} choose={(next) => ask({ ...next })} />
        <Filters filters={filters} dimensions={OF_PLAYS} range={range} choose={(filter) => ask({ filter })} />
      </section>
      <Panel id="sessions" title="Sessions" feed={found} resource="GET /v1/sessions">
        {(answer) => (
          <>
            <Found sessions={answer.sessions} />
            <Pages answer={answer} isFirst={cursor === ''} turn={(cursor) => change({ cursor })} />
          </>
        )}
      </Panel>
    </main>
  );
}

function Field({ label, name, value }: { label: string; name: string; value: string }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} name={name} defaultValue={value} autocomplete="off" spellcheck={false} />
    </div>
  );
}

function Found({ sessions }: { sessions: readonly PlaySummary[] }) {
  if (sessions.length === 0) return <p class="detail">No session of that kind in this window.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scroll" aria-label="Sessions, table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col">Began</th>
            <th scope="col">Title</th>
            <th scope="col">Viewer</th>
            <th scope="col">Device</th>
            <th scope="col">Country</th>
            <th scope="col">Ended</th>
            <th scope="col">Played</th>
            <th scope="col">Start-up</th>
            <th scope="col">Stalls</th>
            <th scope="col">Bitrate</th>
            <th scope="col">Errors</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((play) => (
            <tr key={`${play.session_key} ${play.play_no}`}>
              <th scope="row">
                <a class="group-name" href={`/sessions/${encodeURIComponent(play.session_id)}`}>
                  {play.session_id}
                </a>
              </th>
              <td>{dayAndTime(Date.parse(play.started_at))}</td>
              <td>{play.content_title || play.content_id || 'unknown'}</td>
              <td>{play.viewer_id || 'unknown'}</td>
              <td>{valueLabel('device_class', play.device_class)}</td>
              <td>{valueLabel('country', play.country)}</td>
              <td>{words(play.end_reason)}</td>
              <td>{duration(play.playing_ms)}</td>
              <td>{duration(play.startup_ms)}</td>
              <td>{count(play.stall_count)}</td>
              <td>{bitrate(play.average_bitrate_kbps)}</td>
              <td class={play.error_count > 0 ? 'is-bad' : ''}>{count(play.error_count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface Turning {
  answer: SessionsAnswer;
  isFirst: boolean;
  turn: (cursor: string | null) => void;
}

/** From page to page, all of them of one window; the way back to each is the browser's. */
function Pages({ answer, isFirst, turn }: Turning) {
  const { next_cursor } = answer;
  if (isFirst && next_cursor === null) return null;
  return (
    <nav class="segments" aria-label="Pages of sessions">
      <button type="button" disabled={isFirst} onClick={() => turn(null)}>
        First page
      </button>
      <button type="button" disabled={next_cursor === null} onClick={() => turn(next_cursor)}>
        Next page
      </button>
    </nav>
  );
}
