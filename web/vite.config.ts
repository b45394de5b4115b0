import { defineConfig } from 'vite';

// The pages; every script and style gets a name with its hash, so the gateway may let browsers
// keep them for ever. Nothing is inlined: the pages' Content-Security-Policy allows only files.
const PAGES = ['index', 'explore', 'sessions', 'viewers', 'integrator', 'watch'];

export default defineConfig({
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // hls.js is 600 kB before compression; only /watch loads it.
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: PAGES.map((page) => `${page}.html`) },
  },
  server: { host: '127.0.0.1', proxy: { '/v1': process.env.PLAYHEAD_URL ?? 'http://127.0.0.1:8080' } },
});
