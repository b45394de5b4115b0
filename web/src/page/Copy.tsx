import { useEffect, useState } from 'preact/hooks';

/** How long a button says that it has done its work; ms. */
const SAID_MS = 2_000;

/** A text to be taken along, with a button that does so. */
export function Copy({ name, text }: { name: string; text: string }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => setSaid(''), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid('Copied');
    } catch {
      setSaid('Select it and copy');
    }
  };
  return (
    <div class="copy">
      <div class="copy-head">
        <h3>{name}</h3>
        <button type="button" class="quiet" onClick={copy} aria-label={`Copy: ${name}`}>
          Copy
        </button>
        <span class="detail" role="status">
          {said}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} data-testid={`copy-${name}`}>
        <code>{text}</code>
      </pre>
    </div>
  );
}
