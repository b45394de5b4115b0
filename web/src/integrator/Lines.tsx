import { timeOfDay, words } from '../page/format';
import type { Line } from './tail';

/** The beacons as they came, the newest first, each with what became of it and what could be better. */
export function Lines({ lines }: { lines: readonly Line[] }) {
  return (
    <ol class="tail" reversed aria-label="Beacons, the newest first">
      {lines.map(({ no, told }) => {
        const { beacon = {} } = told;
        const text = (name: string) => (typeof beacon[name] === 'string' ? words(beacon[name]) : '');
        return (
          <li key={no} data-testid="line">
            <p class="tail-head">
              <span class="report-at">{timeOfDay(told.received_time_ms)}</span>
              <b class={told.outcome === 'accepted' ? 'is-good' : 'is-bad'}>{words(told.outcome)}</b>
              <span>{[text('event'), text('state')].filter(Boolean).join(' · ')}</span>
              <span class="detail">
                {told.door} #{told.index}
              </span>
            </p>
            {told.reason ? (
              <p class="problem">
                <code>{told.reason}</code> {told.field ? <code>{told.field}</code> : null} {told.message}
              </p>
            ) : null}
            {told.advice && told.advice.length > 0 ? (
              <ul class="advice">
                {told.advice.map((advice) => (
                  <li key={advice}>{advice}</li>
                ))}
              </ul>
            ) : null}
            {told.beacon ? (
              <details>
                <summary>As it is kept</summary>
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
                <pre tabIndex={0}>
                  <code>{JSON.stringify(told.beacon, null, 2)}</code>
                </pre>
              </details>
            ) : null}
          </li>
        );
      })}
    </ol>
  );
}
