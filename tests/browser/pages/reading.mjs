// What a page shows, as a test reads it.

/** The text of the element with a test id. */
export async function text(page, id) {
  return (await page.getByTestId(id).textContent()).trim();
}

/** The same as a number. */
export async function number(page, id) {
  return Number((await text(page, id)).replaceAll(',', ''));
}

/** A fingerprint of what a chart has drawn. */
export async function chartPixels(page, name) {
  const canvas = page.getByRole('slider', { name: `${name}: point in time` }).locator('canvas');
  return canvas.evaluate((element) => element.toDataURL());
}
