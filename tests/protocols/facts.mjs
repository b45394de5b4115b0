// What a session says of a viewing, protocol by protocol, and the table of it in docs/protocols.md.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const DOCUMENT = fileURLToPath(new URL('../../docs/protocols.md', import.meta.url));
const BEGIN = '<!-- facts: written by tests/protocols, see below -->';
const END = '<!-- end of facts -->';

/** Counts say 0 where a protocol has no word for what is counted; other columns are NULL or empty. */
const UNKNOWN = [null, '', 0, false, 'timed_out', 'running'];

/** What one column of a session says: the truth, nothing, or something wrong. */
export function cell(found, truth) {
  if (isSame(found, truth)) return 'same';
  return UNKNOWN.includes(found) ? '–' : `WRONG: ${found}, not ${truth}`;
}

/** Averages are quotients; all else is exact. */
const isSame = (found, truth) =>
  typeof truth === 'number' && !Number.isInteger(truth)
    ? typeof found === 'number' && Math.abs(found - truth) < 1e-6 * truth
    : found === truth;

/** Rows of facts, a column a protocol; `cells[protocol][fact]` has what each says. */
export function table(facts, protocols, cells) {
  const head = ['fact', ...protocols];
  const rows = facts.map((fact) => [`\`${fact}\``, ...protocols.map((name) => cells[name][fact] ?? '–')]);
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The table that the document has. */
export function documented() {
  const text = readFileSync(DOCUMENT, 'utf8');
  return text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END)).trim();
}

/** Puts another table in its place. */
export function document(lines) {
  const text = readFileSync(DOCUMENT, 'utf8');
  const [before] = text.split(BEGIN);
  const [, after] = text.split(END);
  writeFileSync(DOCUMENT, `${before}${BEGIN}\n${lines}\n${END}${after}`);
}
