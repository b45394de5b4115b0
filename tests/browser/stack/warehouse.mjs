// Questions to ClickHouse over its HTTP interface.

import { settings } from './settings.mjs';

/** Rows of a query as objects; `parameters` fill `{name:Type}` in the statement. */
export async function rows(database, statement, parameters = {}) {
  const url = new URL(settings.clickhouse);
  if (database) url.searchParams.set('database', database);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(`param_${name}`, value);
  // 64-bit numbers as numbers: those of these tests stay far below 2^53.
  url.searchParams.set('output_format_json_quote_64bit_integers', '0');
  url.searchParams.set('default_format', 'JSONEachRow');
  const response = await fetch(url, { method: 'POST', body: statement });
  const text = await response.text();
  if (!response.ok) throw new Error(`ClickHouse answered ${response.status}: ${text.slice(0, 500)}`);
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Runs a statement that returns nothing. */
export async function run(statement) {
  await rows('', statement);
}
