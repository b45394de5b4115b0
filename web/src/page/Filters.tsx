import { useId, useState } from 'preact/hooks';
import { api } from '../api/client';
import { useFeed } from '../api/useFeed';
import { dimensionLabel, valueLabel } from './dimensions';
import { type Filter, filterOf, OPERATOR_LABEL, OPERATORS, type Operator, written } from './filter';
import type { Range } from './Range';

/** Values do not change fast. */
const POLL_MS = 60_000;
const VALUES_MAX = 50;

interface Props {
  filters: readonly string[];
  dimensions: readonly string[];
  range: Range;
  choose: (filters: string[]) => void;
}

/** The filters in force, each of which a click takes away, and one more to add. */
export function Filters({ filters, dimensions, range, choose }: Props) {
  const [open, setOpen] = useState(false);
  const without = (text: string) => choose(filters.filter((each) => each !== text));
  return (
    <div class="filters">
      <ul class="chips" aria-label="Filters">
        {filters.map((text) => (
          <li key={text}>
            <button type="button" class="chip" onClick={() => without(text)}>
              {inWords(text)} <span aria-hidden="true">✕</span>
              <span class="visually-hidden">: remove</span>
            </button>
          </li>
        ))}
        <li>
          <button type="button" class="chip" aria-expanded={open} onClick={() => setOpen(!open)}>
            + Filter
          </button>
        </li>
      </ul>
      {open ? (
        <NewFilter
          dimensions={dimensions}
          range={range}
          add={(filter) => {
            choose([...filters.filter((each) => each !== written(filter)), written(filter)]);
            setOpen(false);
          }}
        />
      ) : null}
    </div>
  );
}

function inWords(text: string): string {
  const filter = filterOf(text);
  if (!filter) return text;
  const values = filter.values.map((value) => valueLabel(filter.dimension, value)).join(', ');
  return `${dimensionLabel(filter.dimension)} ${OPERATOR_LABEL[filter.operator]} ${values}`;
}

function NewFilter(props: { dimensions: readonly string[]; range: Range; add: (filter: Filter) => void }) {
  const id = useId();
  const [dimension, setDimension] = useState(props.dimensions[0] ?? 'cdn');
  const { from, to } = props.range;
  const values = useFeed(
    `${dimension} ${from} ${to}`,
    (signal) => api.dimensionValues(dimension, { from, to, limit: VALUES_MAX }, signal),
    POLL_MS,
  );
  const enter = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const operator = String(form.get('operator')) as Operator;
    const value = String(form.get('value')).trim();
    const isList = operator === 'in' || operator === 'not_in';
    props.add({
      dimension,
      operator,
      values: isList ? value.split(',').map((each) => each.trim()) : [value],
    });
  };
  return (
    <form class="filter-form" onSubmit={enter}>
      <select
        aria-label="Dimension of the filter"
        value={dimension}
        onChange={(event) => setDimension(event.currentTarget.value)}
      >
        {props.dimensions.map((each) => (
          <option key={each} value={each}>
            {dimensionLabel(each)}
          </option>
        ))}
      </select>
      <select name="operator" aria-label="Comparison of the filter">
        {OPERATORS.map((each) => (
          <option key={each} value={each}>
            {OPERATOR_LABEL[each]}
          </option>
        ))}
      </select>
      <input
        name="value"
        list={`${id}-values`}
        aria-label="Value of the filter"
        autocomplete="off"
        placeholder="value"
      />
      <datalist id={`${id}-values`}>
        {(values.answer?.values ?? []).map(({ value }) => (
          <option key={value} value={value} label={valueLabel(dimension, value)} />
        ))}
      </datalist>
      <button type="submit">Add</button>
    </form>
  );
}
