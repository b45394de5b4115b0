import type { BreakdownAnswer, Change, ComparisonAnswer, Group } from '../api/contract';
import { dimensionLabel, valueLabel } from '../page/dimensions';
import { changeRatio, inUnit } from '../page/units';

interface Row {
  group: Group;
  now: number | null;
  change: Change | null;
}

interface Props {
  answer: BreakdownAnswer | ComparisonAnswer;
  unit: string;
  /** `better` or `worse`: which way of a change is a good one. */
  higherIs: string;
  groupBy: string;
  narrow: (dimension: string, value: string) => void;
}

/** The groups of the window, and how each has changed; a click on one narrows the page to it. */
export function Table({ answer, unit, higherIs, groupBy, narrow }: Props) {
  const rows: Row[] = answer.rows.map(({ group, metrics }) => {
    const [value] = Object.values(metrics) as (number | null | Change)[];
    return typeof value === 'object' && value !== null
      ? { group, now: value.value, change: value }
      : { group, now: value ?? null, change: null };
  });
  if (rows.length === 0) return <p class="detail">Nothing happened in this window.</p>;
  const most = Math.max(Number.MIN_VALUE, ...rows.map(({ now }) => now ?? 0));
  const compared = rows.some(({ change }) => change !== null);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scroll" aria-label="Groups, table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{groupBy === '' ? 'All' : dimensionLabel(groupBy)}</th>
            <th scope="col">In the window</th>
            {compared ? (
              <>
                <th scope="col">Before</th>
                <th scope="col">Change</th>
              </>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ group, now, change }) => {
            const value = group[groupBy] ?? '';
            return (
              <tr key={value}>
                <th scope="row">
                  {groupBy === '' ? (
                    'all'
                  ) : (
                    <button type="button" class="link" onClick={() => narrow(groupBy, value)}>
                      {valueLabel(groupBy, value)}
                    </button>
                  )}
                  <progress max={most} value={now ?? 0} aria-hidden="true" />
                </th>
                <td class="strong">{inUnit(unit, now)}</td>
                {change ? (
                  <>
                    <td>{inUnit(unit, change.before)}</td>
                    <td class={wayOf(change.change, higherIs)}>{changeRatio(change.change_ratio)}</td>
                  </>
                ) : null}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** Whether a change is a good one, a bad one, or neither. */
export function wayOf(change: number | null, higherIs: string): string {
  if (!change || (higherIs !== 'better' && higherIs !== 'worse')) return '';
  return change > 0 === (higherIs === 'better') ? 'is-good' : 'is-bad';
}
