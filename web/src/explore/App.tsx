import { api } from '../api/client';
import type { BreakdownAnswer, ComparisonAnswer, Stamp } from '../api/contract';
import { useFeed } from '../api/useFeed';
import { useAddress } from '../page/address';
import { DIMENSIONS, dimensionLabel } from '../page/dimensions';
import { written } from '../page/filter';
import { timeOfDay, words } from '../page/format';
import { Header } from '../page/Header';
import { Panel, Trouble } from '../page/Panel';
import { Behind } from './Behind';
import { Controls } from './Controls';
import { Curve } from './Curve';
import { askedOf, earlier, questionOf, stepOf } from './question';
import { Table } from './Table';

/** Pauses between two answers; ms. The catalogue hardly changes. */
const POLL_MS = 5_000;
const CATALOGUE_POLL_MS = 600_000;
const ROWS_MAX = 50;

/** The page that asks for any metric by any dimension. */
export function App() {
  const [address, change] = useAddress();
  const asked = askedOf(address);
  const question = questionOf(asked);
  const named = JSON.stringify(asked);

  const catalogue = useFeed('catalogue', (signal) => api.metrics(signal), CATALOGUE_POLL_MS);
  const dimensions = useFeed('dimensions', (signal) => api.dimensions(signal), CATALOGUE_POLL_MS);
  const step = asked.step === '' ? {} : { step: asked.step };
  const curve = useFeed(named, (signal) => api.timeseries({ ...question, ...step }, signal), POLL_MS);
  const past =
    curve.answer && asked.against && !asked.groupBy
      ? earlier(curve.answer.from, curve.answer.to, asked.against)
      : null;
  const before = useFeed(
    past ? `${named} ${past.from}` : null,
    (signal) =>
      api.timeseries(
        {
          ...question,
          from: past?.from ?? '',
          to: past?.to ?? '',
          step: stepOf(curve.answer?.step_seconds ?? 60),
        },
        signal,
      ),
    POLL_MS * 12,
  );
  const table = useFeed<BreakdownAnswer | ComparisonAnswer>(
    named,
    (signal) =>
      asked.against
        ? api.comparison({ ...question, against: asked.against, limit: ROWS_MAX }, signal)
        : api.breakdown({ ...question, limit: ROWS_MAX }, signal),
    POLL_MS,
  );

  const metrics = catalogue.answer?.metrics ?? [];
  const told = curve.answer?.series[0] && Object.keys(curve.answer.series[0].metrics)[0];
  const metric =
    metrics.find(({ name }) => name === told) ??
    metrics.find(({ concept, family }) => concept === asked.metric && family === asked.definition) ??
    metrics.find(({ name, concept }) => concept === asked.metric || name === asked.metric) ??
    null;
  const title = `${capital(words(asked.metric))}${asked.groupBy ? ` by ${dimensionLabel(asked.groupBy)}` : ''}`;
  const unit = metric?.unit ?? 'count';
  return (
    <>
      <Header page="explore" />
      <main id="content" class="explore">
        <h1 class="visually-hidden">Explore</h1>
        <Controls
          asked={asked}
          metrics={metrics}
          dimensions={dimensions.answer?.dimensions.map(({ name }) => name) ?? DIMENSIONS}
          change={change}
        />
        <section class="card curve" aria-labelledby="curve-title">
          <h2 id="curve-title">{title}</h2>
          {metric ? (
            <p class="detail">
              {metric.meaning} <span class="formula">{`${metric.name} = ${metric.formula}`}</span>
            </p>
          ) : null}
          {curve.answer ? (
            <Curve title={title} unit={unit} curve={curve.answer} before={past ? before.answer : null} />
          ) : null}
          <Trouble feed={curve} resource="GET /v1/timeseries" />
          {curve.answer ? <Computed stamp={curve.answer} step={curve.answer.step_seconds} /> : null}
        </section>
        <Panel
          id="groups"
          title={asked.groupBy ? `By ${dimensionLabel(asked.groupBy)}` : 'In all'}
          feed={table}
          resource={asked.against ? 'GET /v1/comparison' : 'GET /v1/breakdown'}
        >
          {(answer) => (
            <Table
              answer={answer}
              unit={unit}
              higherIs={metric?.higher_is ?? ''}
              groupBy={asked.groupBy}
              narrow={(dimension, value) =>
                change({
                  filter: [...asked.filters, written({ dimension, operator: 'is', values: [value] })],
                  group_by: null,
                })
              }
            />
          )}
        </Panel>
        <Behind asked={asked} metric={metric} curve={curve.answer} />
      </main>
    </>
  );
}

/** How and up to when an answer was computed. */
function Computed({ stamp, step }: { stamp: Stamp; step: number }) {
  const parts = [
    `as of ${timeOfDay(Date.parse(stamp.computed_at))}`,
    stamp.complete_to === null ? null : `complete to ${timeOfDay(Date.parse(stamp.complete_to))}`,
    `step ${step} s`,
    stamp.definition ? `definition ${stamp.definition}` : null,
    stamp.computed_from ? `from ${[stamp.computed_from].flat().join(', ')}` : null,
    stamp.from_cache ? 'from the cache' : null,
  ];
  return (
    <p class="detail" data-testid="computed">
      {parts.filter((part) => part !== null).join(' · ')}
    </p>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
