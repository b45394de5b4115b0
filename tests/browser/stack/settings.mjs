// Where the running stack is. The names are the gateway's own (playhead.example.toml).

import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Addresses of Kafka and ClickHouse (`stack/stack up`), and of the built command. */
export const settings = {
  brokers: process.env.PLAYHEAD_KAFKA__BROKERS ?? '127.0.0.1:9092',
  clickhouse: process.env.PLAYHEAD_CLICKHOUSE__URL ?? 'http://127.0.0.1:8123',
  binary: process.env.PLAYHEAD_BIN ?? `${ROOT}/target/debug/playhead`,
  chromium: process.env.PLAYHEAD_CHROMIUM ?? '/usr/bin/chromium',
};
