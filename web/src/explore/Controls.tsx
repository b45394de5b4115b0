import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Metric } from '../api/contract';
import type { Changes } from '../page/address';
import { dimensionLabel } from '../page/dimensions';
import { Filters } from '../page/Filters';
import { words } from '../page/format';
import { RangeChoice } from '../page/Range';
import { AGAINST, type Asked, FAMILIES, STEPS } from './question';

interface Props {
  asked: Asked;
  metrics: readonly Metric[];
  dimensions: readonly string[];
  change: (changes: Changes) => void;
}

const FAMILY_LABEL: Record<string, string> = {
  '': 'the usual',
  cta2066: 'CTA-2066',
  mux: 'like Mux',
  conviva: 'like Conviva',
  playhead: 'this project’s',
};

/** Everything that can be asked; each choice changes the address, and the page follows it. */
export function Controls({ asked, metrics, dimensions, change }: Props) {
  const concepts = [...new Set(metrics.map(({ concept }) => concept))].sort();
  const known = concepts.includes(asked.metric) ? concepts : [asked.metric, ...concepts];
  const families = FAMILIES.filter((family) =>
    metrics.some((metric) => metric.concept === asked.metric && metric.family === family),
  );
  return (
    <section class="card controls" aria-label="Question">
      <div class="fields">
        <Choice
          label="Metric"
          value={asked.metric}
          choose={(metrics) => change({ metrics, definition: null })}
        >
          {known.map((concept) => (
            <option key={concept} value={concept}>
              {words(concept)}
            </option>
          ))}
        </Choice>
        <Choice label="Definition" value={asked.definition} choose={(definition) => change({ definition })}>
          {['', ...families].map((family) => (
            <option key={family} value={family}>
              {FAMILY_LABEL[family]}
            </option>
          ))}
        </Choice>
        <Choice label="By" value={asked.groupBy} choose={(group_by) => change({ group_by })}>
          <option value="">nothing</option>
          {dimensions.map((dimension) => (
            <option key={dimension} value={dimension}>
              {dimensionLabel(dimension)}
            </option>
          ))}
        </Choice>
        <Choice label="Compared with" value={asked.against} choose={(against) => change({ against })}>
          {AGAINST.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </Choice>
        <Choice label="Step" value={asked.step} choose={(step) => change({ step })}>
          {STEPS.map((step) => (
            <option key={step} value={step}>
              {step || 'auto'}
            </option>
          ))}
        </Choice>
      </div>
      <RangeChoice range={asked.range} choose={(range) => change({ ...range })} />
      <Filters
        filters={asked.filters}
        dimensions={dimensions}
        range={asked.range}
        choose={(filter) => change({ filter })}
      />
    </section>
  );
}

function Choice(props: {
  label: string;
  value: string;
  choose: (value: string) => void;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{props.label}</label>
      <select id={id} value={props.value} onChange={(event) => props.choose(event.currentTarget.value)}>
        {props.children}
      </select>
    </div>
  );
}
