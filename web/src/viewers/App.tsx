import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client';
import type { LiveViewersAnswer } from '../api/contract';
import { type Feed, useFeed } from '../api/useFeed';
import { useAddress } from '../page/address';
import { count, timeOfDay, words } from '../page/format';
import { Header } from '../page/Header';
import { Trouble } from '../page/Panel';
import { Card } from './Card';
import { leftLately, peopleOf, STATUSES, type Status } from './people';

const POLL_MS = 2_000;
/** Who has left is looked for less often: it takes the warehouse longer. */
const LEFT_POLL_MS = 5_000;
const CARDS_MAX = 200;
const LEFT_MAX = 50;
const LEFT: readonly Status[] = ['finished', 'gone'];

/** The page with a card for each viewer who is there. */
export function App() {
  const [address, change] = useAddress();
  const status = STATUSES.find((each) => each === address.get('status')) ?? null;
  const wanted = (address.get('viewer') ?? '').trim();
  const there = useFeed(
    `there ${status}`,
    (signal) => api.liveViewers({ limit: CARDS_MAX, ...(status && { status }) }, signal),
    POLL_MS,
  );
  const finished = useLeft('finished', status === null);
  const gone = useLeft('gone', status === null);
  const now = useGatewayClock(there);

  const answer = there.answer;
  const left = [finished, gone].flatMap((feed) => leftLately(feed.answer?.viewers ?? [], now));
  const shown = new Set(answer?.viewers.map(({ session_key }) => session_key));
  const sessions = [
    ...(answer?.viewers ?? []),
    ...left.filter(({ session_key }) => !shown.has(session_key)),
  ].filter((viewer) => !wanted || viewer.viewer_id === wanted || viewer.session_id === wanted);
  return (
    <>
      <Header page="viewers">
        {answer ? (
          <span class="status good">
            <i class="dot" aria-hidden="true" />
            As of {timeOfDay(Date.parse(answer.computed_at))}
          </span>
        ) : null}
      </Header>
      <main id="content" class="viewers">
        <h1 class="visually-hidden">Live viewers</h1>
        <section class="card controls" aria-label="Who is shown">
          <p>
            <b class="headline" data-testid="viewers-now">
              {count(answer?.viewers_now ?? null)}
            </b>{' '}
            there now
          </p>
          <fieldset class="segments wraps">
            <legend class="visually-hidden">Status</legend>
            <button type="button" aria-pressed={status === null} onClick={() => change({ status: null })}>
              everybody
            </button>
            {STATUSES.map((each) => (
              <button
                type="button"
                key={each}
                aria-pressed={each === status}
                onClick={() => change({ status: each })}
              >
                {words(each)}{' '}
                <b data-testid={`count-${each}`}>{count(answer ? (answer.statuses[each] ?? 0) : null)}</b>
              </button>
            ))}
          </fieldset>
          <form
            class="range-form"
            onSubmit={(event) => {
              event.preventDefault();
              const form = new FormData(event.currentTarget as HTMLFormElement);
              change({ viewer: String(form.get('viewer')).trim() });
            }}
            key={wanted}
          >
            <label for="viewer">Viewer or session</label>
            <input id="viewer" name="viewer" defaultValue={wanted} autocomplete="off" spellcheck={false} />
            <button type="submit">Show</button>
          </form>
        </section>
        <Trouble feed={there} resource="GET /v1/viewers/live" />
        {answer && sessions.length === 0 ? <p class="detail">Nobody of that kind is there.</p> : null}
        <ul class="people">
          {peopleOf(sessions).map((person) => (
            <Card key={person.key} person={person} now={now} />
          ))}
        </ul>
        {(answer?.viewers.length ?? 0) >= CARDS_MAX ? (
          <p class="detail">The {CARDS_MAX} seen latest are shown.</p>
        ) : null}
      </main>
    </>
  );
}

function useLeft(status: (typeof LEFT)[number], wanted: boolean): Feed<LiveViewersAnswer> {
  return useFeed(
    wanted ? status : null,
    (signal) => api.liveViewers({ status, limit: LEFT_MAX }, signal),
    LEFT_POLL_MS,
  );
}

/** The gateway's clock, to the second, from its last answer on; this device's own may be wrong. */
function useGatewayClock(feed: Feed<LiveViewersAnswer>): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(clock);
  }, []);
  if (!feed.answer || feed.receivedAt === null) return now;
  return Date.parse(feed.answer.computed_at) + Math.max(0, now - feed.receivedAt);
}
