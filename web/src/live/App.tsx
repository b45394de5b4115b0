import { useEffect, useMemo, useState } from 'preact/hooks';
import type { FeedState } from '../api/feed';
import { POLL_MS } from '../api/feed';
import { useFeed } from '../api/useFeed';
import { type Changes, useAddress } from '../page/address';
import { Header } from '../page/Header';
import { Cdns } from './Cdns';
import { Changed } from './Changed';
import { Concurrency } from './Concurrency';
import { Countries } from './Countries';
import { chosenOf } from './chosen';

import { Groups } from './Groups';
import { Metric } from './Metric';
import { CARDS } from './measures';
import type { Live } from './model';
import { isEmpty } from './ratios';
import { loadLive } from './request';
import { Status } from './Status';
import { SPANS, type Span, spanOf } from './span';

/** The live page. */
export function App() {
  const [address, change] = useAddress();
  const span = spanOf(address);
  const feed = useFeed(span.key, (signal) => loadLive(span, signal), POLL_MS);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(clock);
  }, []);
  return (
    <>
      <Header page="live">
        <Status feed={feed} now={now} retry={feed.retry} />
        <SpanSwitch span={span} choose={({ key }) => change({ window: key })} />
      </Header>
      <Body feed={feed} span={span} address={address} change={change} />
    </>
  );
}

interface BodyProps {
  feed: FeedState<Live>;
  span: Span;
  address: URLSearchParams;
  change: (changes: Changes) => void;
}

function Body({ feed, span, address, change }: BodyProps) {
  const { answer: live, failure } = feed;
  const empty = useMemo(() => live !== null && isEmpty(live), [live]);
  if (!live) {
    return (
      <main id="content" class="notice">
        <h1>{failure === null ? 'Asking for the numbers' : 'The analytics API does not answer'}</h1>
        <p>{failure ?? 'The first answer comes in a moment.'}</p>
      </main>
    );
  }
  return (
    <main id="content">
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
        <Countries
          span={span}
          chosen={chosenOf(address.get('map'), 'plays')}
          choose={(map) => change({ map })}
        />
        <Changed
          span={span}
          chosen={chosenOf(address.get('changed'), 'rebuffering_ratio')}
          choose={(changed) => change({ changed })}
        />
        <Cdns span={span} />
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
