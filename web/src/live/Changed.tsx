import { api, queryString } from '../api/client';
import type { ChangesAnswer } from '../api/contract';
import { useFeed } from '../api/useFeed';
import { dimensionLabel, valueLabel } from '../page/dimensions';
import { Panel } from '../page/Panel';
import { changeRatio, inUnit } from '../page/units';
import { ChosenSelect } from './ChosenSelect';
import type { Chosen } from './chosen';
import type { Span } from './span';

const POLL_MS = 10_000;
const ROWS_MAX = 8;

/** What changed against the window before, and what in the audience most of it comes from. */
export function Changed(props: { span: Span; chosen: Chosen; choose: (key: string) => void }) {
  const { span, chosen } = props;
  const question = {
    metric: chosen.key,
    from: `now-${span.key}`,
    to: 'now',
    against: 'previous',
    limit: ROWS_MAX,
  };
  const feed = useFeed(JSON.stringify(question), (signal) => api.changes(question, signal), POLL_MS);
  return (
    <Panel
      id="changed"
      title="What changed"
      about="The values of dimensions that contribute most to the change against the window before"
      feed={feed}
      resource="GET /v1/changes"
      choices={<ChosenSelect label="Metric that changed" chosen={chosen} choose={props.choose} />}
    >
      {(answer) => <Contributors answer={answer} chosen={chosen} from={question.from} />}
    </Panel>
  );
}

function Contributors(props: { answer: ChangesAnswer; chosen: Chosen; from: string }) {
  const { answer, chosen } = props;
  const { unit } = chosen;
  const most = Math.max(Number.MIN_VALUE, ...answer.contributors.map((each) => Math.abs(each.share ?? 0)));
  const href = (dimension: string, value: string) =>
    `/explore?${queryString({
      metrics: chosen.key,
      filter: `${dimension}:is:${value}`,
      against: 'previous',
      from: props.from,
      to: 'now',
    })}`;
  return (
    <>
      <p class="headline" data-testid="changed-now">
        {inUnit(unit, answer.value)}
      </p>
      <p class="detail">
        {inUnit(unit, answer.before)} in the window before.{' '}
        {answer.contributors.length === 0 ? 'No part of the audience stands out.' : 'Most of it comes from:'}
      </p>
      <ol class="contributors">
        {answer.contributors.slice(0, ROWS_MAX).map((each) => (
          <li key={`${each.dimension} ${each.value}`}>
            <a href={href(each.dimension, each.value)}>
              {dimensionLabel(each.dimension)} {valueLabel(each.dimension, each.value)}
            </a>
            <span class="detail">
              {inUnit(unit, each.value_before)} → {inUnit(unit, each.value_now)}
            </span>
            <b>{changeRatio(each.share)}</b>
            <progress max={most} value={Math.abs(each.share ?? 0)} aria-hidden="true" />
          </li>
        ))}
      </ol>
    </>
  );
}
