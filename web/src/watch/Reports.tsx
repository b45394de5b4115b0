import { timeOfDay } from '../page/format';
import { type Sent, withoutConstants } from './reports';

/** How many POSTs the page lists. */
const LISTED = 40;

/** What the player has told the gateway, newest first, and what the gateway said. */
export function Reports({ sent }: { sent: readonly Sent[] }) {
  const lines = sent.reduce((sum, each) => sum + each.lines.length, 0);
  const refused = sent.filter((each) => each.status < 200 || each.status > 299).length;
  return (
    <section class="card reports" aria-labelledby="reports-title">
      <h2 id="reports-title">Reports to the gateway</h2>
      <p class="detail" data-testid="reports-summary">
        {sent.length === 0
          ? 'None yet.'
          : `CMCD version 2, event mode: ${lines} reports in ${sent.length} requests, ${refused === 0 ? 'all accepted' : `${refused} not accepted`}`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <ol class="scroll" tabIndex={0} aria-label="Reports, newest first">
        {sent.slice(0, LISTED).map((each) => (
          <li key={`${each.at} ${each.lines[0]}`}>
            <span class="report-at">{timeOfDay(each.at)}</span>
            <span class={each.status >= 200 && each.status < 300 ? 'report-status' : 'report-status failed'}>
              {each.status || 'no answer'}
            </span>
            <code>{each.lines.map(withoutConstants).join('\n')}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}
