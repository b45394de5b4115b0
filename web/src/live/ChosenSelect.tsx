import { CHOICES, type Chosen } from './chosen';

/** Choosing the metric of a panel. */
export function ChosenSelect(props: { label: string; chosen: Chosen; choose: (key: string) => void }) {
  return (
    <select
      aria-label={props.label}
      value={props.chosen.key}
      onChange={(event) => props.choose(event.currentTarget.value)}
    >
      {CHOICES.map(({ key, label }) => (
        <option key={key} value={key}>
          {label}
        </option>
      ))}
    </select>
  );
}
