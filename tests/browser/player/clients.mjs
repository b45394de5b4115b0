// The clients, unmodified from npm, and what each of them can tell of a viewing: docs/doors.md.

import { version } from './packages.mjs';

/**
 * page      the page on which it plays or watches
 * session   which of the run's ids is its own
 * startup   what its start-up time is counted from: the call to play, or the call to load
 * bitrate   whether it tells which rendition plays
 * counts    whether it numbers its reports, so that losses are known
 * remark    what its page may say on the console: the last sound segment of the clip is a little longer than told
 */
export const CLIENTS = [
  {
    name: 'hls.js',
    package: 'hls.js',
    page: 'hls',
    session: 'cmcd',
    startup: 'startupFromPlayMs',
    bitrate: true,
    counts: true,
  },
  {
    name: "Eyevinn's SDK",
    package: '@eyevinn/player-analytics-client-sdk-web',
    page: 'hls',
    session: 'epas',
    startup: 'startupFromLoadMs',
    bitrate: true,
    counts: false,
  },
  {
    name: "Snowplow's tracker",
    package: '@snowplow/browser-plugin-media',
    page: 'hls',
    session: 'snowplow',
    startup: 'startupFromPlayMs',
    bitrate: true,
    counts: false,
  },
  {
    name: 'dash.js',
    package: 'dashjs',
    page: 'dash',
    session: 'cmcd',
    startup: 'startupFromLoadMs',
    bitrate: false,
    counts: true,
  },
  {
    name: 'Shaka, not minified',
    package: 'shaka-player',
    page: 'shaka-debug',
    session: 'cmcd',
    startup: 'startupFromLoadMs',
    bitrate: false,
    counts: true,
    remark: 'Possible encoding problem detected',
  },
];

/** Its name with its release. */
export const title = (client) => `${client.name} ${version(client.package)}`;
