import { bitrate, count, duration, percent } from '../page/format';
import type { Group } from './model';
import { bitrateKbps, rebufferingRatio, startupMs } from './ratios';

/** A table of titles or kinds of device: who is there, and how well it plays for them. */
export function Groups(props: { id: string; title: string; first: string; rows: readonly Group[] }) {
  const most = Math.max(1, ...props.rows.map((row) => row.viewers));
  return (
    <section class="card groups" aria-labelledby={props.id}>
      <h2 id={props.id}>{props.title}</h2>
      {props.rows.length === 0 ? (
        <p class="detail">Nothing was watched in this window.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section class="scroll" aria-label={`${props.title}, table`} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{props.first}</th>
                <th scope="col">Now</th>
                <th scope="col">Plays</th>
                <th scope="col">Start-up</th>
                <th scope="col">Rebuffering</th>
                <th scope="col">Bitrate</th>
                <th scope="col">Errors</th>
              </tr>
            </thead>
            <tbody>
              {props.rows.map((row) => (
                <tr key={row.id}>
                  <th scope="row" title={row.id}>
                    <span class="group-name">{row.label}</span>
                    <progress max={most} value={row.viewers} aria-hidden="true" />
                  </th>
                  <td class="strong">{count(row.viewers)}</td>
                  <td>{count(row.sums.plays)}</td>
                  <td>{duration(startupMs(row.sums))}</td>
                  <td>{percent(rebufferingRatio(row.sums))}</td>
                  <td>{bitrate(bitrateKbps(row.sums))}</td>
                  <td>{count(row.sums.errors)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}
