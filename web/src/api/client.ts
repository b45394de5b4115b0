import createClient from 'openapi-fetch';
import type { LiveAnswer } from '../live/contract';
import { readable } from '../page/address';
import type * as contract from './contract';
import { AskFailure, failureOf } from './failure';
import { keyHeaders } from './key';
import type { paths } from './schema';

/** The query string of parameters, as a person would write it; what is empty or absent is left out. */
export function queryString(parameters: Record<string, unknown>): string {
  const written = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== '') written.append(name, String(each));
    }
  }
  return readable(written);
}

const client = createClient<paths>({ querySerializer: queryString });
client.use({
  onRequest({ request }) {
    for (const [name, value] of Object.entries(keyHeaders())) request.headers.set(name, value);
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await failureOf(response);
  },
  onError({ error, request }) {
    if (request.signal.aborted || error instanceof AskFailure) return;
    return new AskFailure(0, 'unreachable', 'The gateway cannot be reached.');
  },
});

type Query<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Q } } }
  ? NonNullable<Q>
  : never;

/** The body of an answer. The document tells addresses and parameters; what the pages read of it, the contract. */
async function answered<Answer>(asked: Promise<{ data?: unknown }>): Promise<Answer> {
  const { data } = await asked;
  if (data === undefined) throw new AskFailure(0, 'empty', 'The gateway answered nothing.');
  return data as Answer;
}

/** The API, a function for each resource that the pages read. Each throws an {@link AskFailure}. */
export const api = {
  live: (window: string, signal: AbortSignal) =>
    answered<LiveAnswer>(client.GET('/v1/live', { params: { query: { window } }, signal })),
  metrics: (signal: AbortSignal) => answered<contract.MetricsAnswer>(client.GET('/v1/metrics', { signal })),
  timeseries: (query: Query<'/v1/timeseries'>, signal: AbortSignal) =>
    answered<contract.TimeseriesAnswer>(client.GET('/v1/timeseries', { params: { query }, signal })),
  breakdown: (query: Query<'/v1/breakdown'>, signal: AbortSignal) =>
    answered<contract.BreakdownAnswer>(client.GET('/v1/breakdown', { params: { query }, signal })),
  comparison: (query: Query<'/v1/comparison'>, signal: AbortSignal) =>
    answered<contract.ComparisonAnswer>(client.GET('/v1/comparison', { params: { query }, signal })),
  changes: (query: Query<'/v1/changes'>, signal: AbortSignal) =>
    answered<contract.ChangesAnswer>(client.GET('/v1/changes', { params: { query }, signal })),
  dimensions: (signal: AbortSignal) =>
    answered<contract.DimensionsAnswer>(client.GET('/v1/dimensions', { signal })),
  dimensionValues: (
    dimension: string,
    query: Query<'/v1/dimensions/{dimension}/values'>,
    signal: AbortSignal,
  ) =>
    answered<contract.DimensionValuesAnswer>(
      client.GET('/v1/dimensions/{dimension}/values', { params: { path: { dimension }, query }, signal }),
    ),
  liveViewers: (query: Query<'/v1/viewers/live'>, signal: AbortSignal) =>
    answered<contract.LiveViewersAnswer>(client.GET('/v1/viewers/live', { params: { query }, signal })),
  sessions: (query: Query<'/v1/sessions'>, signal: AbortSignal) =>
    answered<contract.SessionsAnswer>(client.GET('/v1/sessions', { params: { query }, signal })),
  session: (session_id: string, signal: AbortSignal) =>
    answered<contract.SessionAnswer>(
      client.GET('/v1/sessions/{session_id}', { params: { path: { session_id } }, signal }),
    ),
  beacons: (session_id: string, query: Query<'/v1/sessions/{session_id}/beacons'>, signal: AbortSignal) =>
    answered<contract.BeaconsAnswer>(
      client.GET('/v1/sessions/{session_id}/beacons', { params: { path: { session_id }, query }, signal }),
    ),
};
