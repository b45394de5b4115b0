// Chromium as Debian ships it, driven by playwright-core.

import { chromium } from 'playwright-core';
import { settings } from './stack/settings.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Every test page plays as soon as it is told to.
  '--autoplay-policy=no-user-gesture-required',
];

/** A headless browser with a profile of its own, which goes when it is closed. */
export function openBrowser() {
  return chromium.launch({ executablePath: settings.chromium, headless: true, args: FLAGS });
}

/** A page that remembers every complaint: errors on the console, exceptions, requests that failed. */
export async function openPage(browser, options) {
  const page = await browser.newPage(options);
  const seen = new Set();
  const complaints = {
    push: (complaint) => seen.add(complaint),
    /** The first few, each once. */
    first: () => [...seen].slice(0, 5),
  };
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  return { page, complaints };
}
