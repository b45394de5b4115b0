// Screenshots, and what does not fit.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A phone, a tablet, a laptop, a wall. */
export const SIZES = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
  { width: 3840, height: 2160 },
];

const FOLDER = fileURLToPath(new URL('../screenshots', import.meta.url));

/**
 * Saves a screenshot of the whole page under screenshots/. Returns by how many pixels the page is
 * wider than its window, and the texts that stick out of the cards that hold them.
 */
export async function snapshot(page, name) {
  await mkdir(FOLDER, { recursive: true });
  // Charts redraw in the frame after they learnt their new size.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true });
  return page.evaluate(() => {
    const cut = [];
    for (const card of document.querySelectorAll('.card, .bar')) {
      const { left, right } = card.getBoundingClientRect();
      for (const element of card.querySelectorAll('h2, p, b, span, button, a, canvas, dd')) {
        if (element.closest('.scroll, .visually-hidden, .skip')) continue;
        const box = element.getBoundingClientRect();
        if (box.width > 0 && (box.right > right + 1 || box.left < left - 1))
          cut.push(element.textContent || element.tagName);
      }
    }
    return { overflow: document.documentElement.scrollWidth - window.innerWidth, cut };
  });
}
