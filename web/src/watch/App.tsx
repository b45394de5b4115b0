import { useEffect, useRef, useState } from 'preact/hooks';
import { bitrate, duration, UNKNOWN } from '../page/format';
import { Header } from '../page/Header';
import { isSupported, Viewing } from './player';
import { Reports } from './Reports';

/** How often the page reads its own meter; ms. */
const REFRESH_MS = 250;

/** The page with the player. */
export function App() {
  const video = useRef<HTMLVideoElement>(null);
  const [viewing, setViewing] = useState<Viewing | null>(null);
  const [now, setNow] = useState(Date.now);

  const begin = () => {
    const element = video.current;
    if (!element) return;
    viewing?.end();
    setViewing(new Viewing(element));
    // A refusal shows: the state stays idle, and the element's own controls are there.
    element.play().catch(() => undefined);
  };
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), REFRESH_MS);
    return () => clearInterval(clock);
  }, []);
  useEffect(() => {
    if (!viewing) return;
    // Set back too, for a page that comes back from the browser's cache.
    const leave = () => {
      viewing.end();
      setViewing(null);
    };
    window.addEventListener('pagehide', leave, { once: true });
    return () => window.removeEventListener('pagehide', leave);
  }, [viewing]);

  const measured = viewing?.meter.read(now);
  return (
    <>
      <Header page="watch" />
      <main id="content" class="watch">
        <h1 class="visually-hidden">Watch</h1>
        <section class="card stage" aria-label="Player">
          <div class="screen">
            <video ref={video} controls={viewing !== null} playsInline muted data-testid="video" />
            {viewing === null && isSupported() ? (
              <button type="button" class="play" onClick={begin}>
                <svg viewBox="0 0 24 24" aria-hidden="true">
                  <path d="M8 5l11 7-11 7z" />
                </svg>
                Play
              </button>
            ) : null}
          </div>
          {viewing?.problem ? (
            <p class="problem" role="alert">
              {viewing.problem}
            </p>
          ) : null}
          {isSupported() ? null : (
            <p class="problem" role="alert">
              This browser has no Media Source Extensions, which the player needs.
            </p>
          )}
          <div class="actions">
            <button type="button" onClick={begin} disabled={viewing === null}>
              Start over as a new viewer
            </button>
            <button
              type="button"
              onClick={() => viewing?.starve()}
              disabled={measured?.condition !== 'playing'}
              title="Holds the media back until the picture has stood still for four seconds"
            >
              Make it stall
            </button>
            <a href="/?window=5m" target="_blank" rel="noopener">
              See yourself on the live page
            </a>
            {viewing ? (
              <a
                href={`/integrator?session_id=${encodeURIComponent(viewing.sessionId)}`}
                target="_blank"
                rel="noopener"
              >
                See its beacons
              </a>
            ) : null}
          </div>
        </section>
        <section class="card facts" aria-labelledby="facts-title">
          <h2 id="facts-title">This viewing, as the page measures it</h2>
          <dl>
            <Fact name="session" value={viewing?.sessionId ?? UNKNOWN} code />
            <Fact name="state" value={measured?.condition ?? UNKNOWN} />
            <Fact name="start-up" value={duration(measured?.startupMs ?? null)} />
            <Fact name="played" value={duration(measured?.playedMs ?? null)} />
            <Fact
              name="stalls"
              value={measured ? `${measured.stalls}, ${duration(measured.stalledMs)}` : UNKNOWN}
            />
            <Fact name="bitrate" value={bitrate(viewing?.bitrateKbps ?? null)} />
          </dl>
        </section>
        <Reports sent={viewing?.sent ?? []} />
      </main>
    </>
  );
}

function Fact({ name, value, code }: { name: string; value: string; code?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-testid={`fact-${name}`}>{code ? <code>{value}</code> : value}</dd>
    </div>
  );
}
