// axe-core's automatic part of an accessibility check.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What is wrong on the page now: rule, its help, and the elements. */
export async function violations(page) {
  // Evaluated rather than added as a script, which the page's security policy would rightly refuse.
  await page.evaluate(await readFile(AXE, 'utf8'));
  const result = await page.evaluate(() => window.axe.run());
  return result.violations.map(({ id, help, nodes }) => ({
    id,
    help,
    elements: nodes.slice(0, 3).map((node) => node.html),
  }));
}
