import { useEffect, useState } from 'preact/hooks';
import { queryString } from '../api/client';
import { listen, type StreamState } from '../api/events';
import { useAddress } from '../page/address';
import { count, words } from '../page/format';
import { Header } from '../page/Header';
import { Lines } from './Lines';
import { EMPTY, heard, type Tail } from './tail';

/** The page with the live tail of one device or session. */
export function App() {
  const [address, change] = useAddress();
  const session_id = address.get('session_id') ?? '';
  const device_id = address.get('device_id') ?? '';
  // A write key ships in players and is no secret, but it does not belong into a link either.
  const [key, setKey] = useState('');
  const [tail, setTail] = useState<Tail>(EMPTY);
  const [stream, setStream] = useState<StreamState | null>(null);

  useEffect(() => {
    setTail(EMPTY);
    setStream(null);
    if (session_id === '' && device_id === '') return;
    return listen(
      `/v1/debug/stream?${queryString({ session_id, device_id })}`,
      key === '' ? {} : { 'x-playhead-key': key },
      ({ event, data }) => setTail((before) => heard(before, event, data)),
      setStream,
    );
  }, [session_id, device_id, key]);

  const enter = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    setKey(text('write_key'));
    const isDevice = form.get('kind') === 'device_id';
    change({
      session_id: isDevice ? null : text('id'),
      device_id: isDevice ? text('id') : null,
    });
  };
  const listening = stream !== null;
  return (
    <>
      <Header page="integrator">
        <Connection stream={stream} />
      </Header>
      <main id="content" class="integrator">
        <h1 class="visually-hidden">Integrator</h1>
        <section class="card controls" aria-label="What is watched">
          <form class="fields" onSubmit={enter} key={`${session_id} ${device_id}`}>
            <div class="field">
              <label for="kind">Watch a</label>
              <select id="kind" name="kind" defaultValue={device_id === '' ? 'session_id' : 'device_id'}>
                <option value="session_id">session</option>
                <option value="device_id">device</option>
              </select>
            </div>
            <div class="field">
              <label for="id">Id, as the player sends it</label>
              <input
                id="id"
                name="id"
                required
                defaultValue={device_id || session_id}
                autocomplete="off"
                spellcheck={false}
              />
            </div>
            <div class="field">
              <label for="write_key">Write key, where the gateway asks for one</label>
              <input
                id="write_key"
                name="write_key"
                defaultValue={key}
                autocomplete="off"
                spellcheck={false}
              />
            </div>
            <button type="submit">Watch</button>
          </form>
        </section>
        {listening ? (
          <section class="card" aria-labelledby="tail-title">
            <h2 id="tail-title">Beacons</h2>
            <p class="detail" data-testid="outcomes" role="status">
              {tail.count === 0
                ? 'Waiting for the first one. Each beacon shows here within a second of its arrival.'
                : Object.entries(tail.outcomes)
                    .map(([outcome, times]) => `${count(times)} ${words(outcome)}`)
                    .join(' · ')}
              {tail.missed > 0 ? ` · ${count(tail.missed)} came too fast to be shown` : ''}
            </p>
            <Lines lines={tail.lines} />
          </section>
        ) : (
          <section class="card" aria-labelledby="how-title">
            <h2 id="how-title">What it shows</h2>
            <p>
              Every beacon of one session or device as it arrives: whether it was accepted, why not, the
              beacon as it is kept, and advice where something could be better. Try it with the{' '}
              <a href="/watch">player</a>, whose session id stands beside it.
            </p>
          </section>
        )}
      </main>
    </>
  );
}

function Connection({ stream }: { stream: StreamState | null }) {
  if (stream === null) return null;
  if (stream.kind === 'waiting') {
    return (
      <span class="status bad" role="status">
        <i class="dot" aria-hidden="true" />
        {stream.failure} Trying again.
      </span>
    );
  }
  return (
    <span class={`status ${stream.kind === 'open' ? 'good' : ''}`} role="status">
      <i class="dot" aria-hidden="true" />
      {stream.kind === 'open' ? 'Listening' : 'Connecting'}
    </span>
  );
}
