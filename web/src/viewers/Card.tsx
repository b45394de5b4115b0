import type { LiveViewer } from '../api/contract';
import { valueLabel } from '../page/dimensions';
import { bitrate, duration, playhead, words } from '../page/format';
import { type Person, positionAt } from './people';

const COLOUR: Record<string, string> = {
  watching: 'playing',
  paused: 'paused',
  buffering: 'stalled',
  in_ad: 'in-ad',
  starting: 'starting',
  finished: 'good',
  gone: 'faint',
};

/** One viewer: what each device is doing. `now` is the gateway's clock; Unix ms. */
export function Card({ person, now }: { person: Person; now: number }) {
  const { viewerId, devices } = person;
  return (
    <li class="card person" data-testid="person">
      <h2>
        {viewerId === '' ? 'a viewer without an id' : viewerId}
        {devices.length > 1 ? <span class="detail"> · {devices.length} devices</span> : null}
      </h2>
      {devices.map((device) => (
        <Device key={device.session_key} device={device} now={now} />
      ))}
    </li>
  );
}

function Device({ device, now }: { device: LiveViewer; now: number }) {
  const position = positionAt(device, now);
  const seen = Math.max(0, now - Date.parse(device.last_seen_at));
  const facts = [
    valueLabel('device_class', device.device_class),
    device.country === '' ? '' : valueLabel('country', device.country),
    device.bitrate_kbps === null ? '' : bitrate(device.bitrate_kbps),
    device.buffer_ms === null ? '' : `${duration(device.buffer_ms)} ahead`,
  ];
  return (
    <div class="device" data-status={device.status}>
      <p class="device-head">
        <span class="badge">
          <i class={`swatch ${COLOUR[device.status] ?? 'faint'}`} aria-hidden="true" />
          {words(device.status)}
        </span>
        <span class="position" data-testid="position">
          {position === null ? '' : playhead(position)}
        </span>
      </p>
      <p class="device-title">
        <a href={`/sessions/${encodeURIComponent(device.session_id)}`}>
          {device.content_id || 'an unnamed title'}
        </a>
      </p>
      <p class="detail">{facts.filter(Boolean).join(' · ')}</p>
      <p class="detail">
        heard{' '}
        {duration(Math.round(seen / 1000) * 1000)
          .replace('.00', '')
          .replace('.0', '')}{' '}
        ago
      </p>
    </div>
  );
}
