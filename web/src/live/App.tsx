import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Header } from '../page/Header';
import { Concurrency } from './Concurrency';
import { type FeedState, follow, NOTHING_YET } from './feed';
import { Groups } from './Groups';
import { Metric } from './Metric';
import { CARDS } from './measures';
import { isEmpty } from './ratios';
import { loadLive } from './request';
import { Status } from './Status';
import { SPANS, type Span, searchWithSpan, spanFromSearch } from './span';

/** The live page. */
export function App() {
  const [span, setSpan] = useState(() => spanFromSearch(location.search));
  const [feed, setFeed] = useState<FeedState>(NOTHING_YET);
  const [now, setNow] = useState(Date.now);
  const following = useRef<ReturnType<typeof follow> | null>(null);

  useEffect(() => {
    const fresh = follow((signal) => loadLive(span, signal), setFeed);
    following.current = fresh;
    return fresh.stop;
  }, [span]);
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), 1000);
    const back = () => setSpan(spanFromSearch(location.search));
    window.addEventListener('popstate', back);
    return () => {
      clearInterval(clock);
      window.removeEventListener('popstate', back);
    };
  }, []);

  const choose = (next: Span) => {
    history.pushState(null, '', searchWithSpan(location.search, next));
    setSpan(next);
  };
  return (
    <>
      <Header page="live" liveHref={`/${location.search}`}>
        <Status feed={feed} now={now} retry={() => following.current?.now()} />
        <SpanSwitch span={span} choose={choose} />
      </Header>
      <Body feed={feed} />
    </>
  );
}

function Body({ feed }: { feed: FeedState }) {
  const { live, failure } = feed;
  const empty = useMemo(() => live !== null && isEmpty(live), [live]);
  if (!live) {
    return (
      <main class="notice">
        <h1>{failure === null ? 'Asking for the numbers' : 'The analytics API does not answer'}</h1>
        <p>{failure ?? 'The first answer comes in a moment.'}</p>
      </main>
    );
  }
  return (
    <main>
      <h1 class="visually-hidden">Live</h1>
      {empty ? (
        <p class="hint">
          No beacons in this window yet. <a href="/watch">Watch the clip</a> to be the first viewer, or run{' '}
          <code>playhead simulate</code>.
        </p>
      ) : null}
      <Concurrency live={live} />
      <div class="metrics">
        {CARDS.map((card) => (
          <Metric key={card.key} card={card} live={live} />
        ))}
      </div>
      <div class="tables">
        <Groups id="content-title" title="Top content" first="Title" rows={live.content} />
        <Groups id="devices-title" title="Devices" first="Class" rows={live.devices} />
      </div>
    </main>
  );
}

function SpanSwitch({ span, choose }: { span: Span; choose: (span: Span) => void }) {
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">Window</legend>
      {SPANS.map((each) => (
        <button type="button" key={each.key} aria-pressed={each === span} onClick={() => choose(each)}>
          {each.label}
        </button>
      ))}
    </fieldset>
  );
}
