import type { ComponentChildren } from 'preact';
import type { FeedState } from '../api/feed';
import { timeOfDay } from './format';

interface Props<T> {
  id: string;
  title: string;
  /** How the numbers are made; shown as a hint on the title. */
  about?: string;
  feed: FeedState<T>;
  /** The resource asked, to be named where the gateway has none. */
  resource: string;
  /** Stands beside the title: choices of this panel. */
  choices?: ComponentChildren;
  /** What is shown of an answer. */
  children: (answer: T) => ComponentChildren;
}

/** A card about one answer of the API. Whatever becomes of it, the other cards go on. */
export function Panel<T>(props: Props<T>) {
  const { feed, id } = props;
  return (
    <section class="card panel" aria-labelledby={`${id}-title`} data-testid={`panel-${id}`}>
      <div class="panel-head">
        <h2 id={`${id}-title`} title={props.about}>
          {props.title}
        </h2>
        {props.choices}
      </div>
      {feed.answer === null ? null : props.children(feed.answer)}
      <Trouble feed={feed} resource={props.resource} />
    </section>
  );
}

/** Why there is no answer, or none that is new; nothing when there is one. */
export function Trouble({ feed, resource }: { feed: FeedState<unknown>; resource: string }) {
  if (feed.failure === null) return feed.answer === null ? <p class="detail">Asking…</p> : null;
  if (feed.absent) {
    return (
      <p class="detail" role="status">
        This gateway has no <code>{resource}</code>.
      </p>
    );
  }
  const kept = feed.receivedAt === null ? '' : ` These numbers are of ${timeOfDay(feed.receivedAt)}.`;
  return (
    <p class="problem" role="status">
      {feed.failure}
      {kept}
    </p>
  );
}
