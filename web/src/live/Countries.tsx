import { api, queryString } from '../api/client';
import { useFeed } from '../api/useFeed';
import { countryName } from '../map/names';
import { WorldMap } from '../map/WorldMap';
import { Panel } from '../page/Panel';
import { inUnit } from '../page/units';
import { ChosenSelect } from './ChosenSelect';
import type { Chosen } from './chosen';
import type { Span } from './span';

const POLL_MS = 5_000;
const COUNTRIES_MAX = 250;
const LISTED = 5;

/** A metric by country, on the map and as a list of the first. */
export function Countries(props: { span: Span; chosen: Chosen; choose: (key: string) => void }) {
  const { span, chosen } = props;
  const question = {
    metrics: chosen.key,
    group_by: 'country',
    from: `now-${span.key}`,
    to: 'now',
    limit: COUNTRIES_MAX,
  };
  const feed = useFeed(JSON.stringify(question), (signal) => api.breakdown(question, signal), POLL_MS);
  const href = (country: string) =>
    `/explore?${queryString({ metrics: chosen.key, filter: `country:is:${country}`, from: question.from, to: 'now' })}`;
  return (
    <Panel
      id="countries"
      title="Countries"
      feed={feed}
      resource="GET /v1/breakdown"
      choices={<ChosenSelect label="Metric of the map" chosen={chosen} choose={props.choose} />}
    >
      {({ rows }) => {
        const known = rows.flatMap(({ group, metrics }) => {
          const value = Object.values(metrics)[0] ?? null;
          return value === null || !group.country ? [] : [{ country: group.country, value }];
        });
        if (known.length === 0) return <p class="detail">No country is known in this window.</p>;
        return (
          <>
            <WorldMap
              name={chosen.label}
              unit={chosen.unit}
              values={new Map(known.map(({ country, value }) => [country, value]))}
              href={href}
            />
            <ol class="ranks" aria-label={`Countries by ${chosen.label}`}>
              {known.slice(0, LISTED).map(({ country, value }) => (
                <li key={country}>
                  <a href={href(country)}>{countryName(country)}</a> <b>{inUnit(chosen.unit, value)}</b>
                </li>
              ))}
            </ol>
          </>
        );
      }}
    </Panel>
  );
}
