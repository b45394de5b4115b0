import type * as contract from './contract';

interface Get<Query, Answer, Path = never> {
  get: {
    parameters: { query?: Query; header?: never; path?: Path; cookie?: never };
    responses: { 200: { headers: Record<string, unknown>; content: { 'application/json': Answer } } };
  };
}

/** A window, and what is left of it. */
export interface Scope {
  from?: string;
  to?: string;
  filter?: string[];
}

/** A question about metrics. */
export interface Question extends Scope {
  metrics: string;
  definition?: string;
  group_by?: string;
  order?: string;
  limit?: number;
}

/** The resources that the pages ask. */
export interface paths {
  '/v1/live': Get<{ window?: string }, unknown>;
  '/v1/metrics': Get<never, contract.MetricsAnswer>;
  '/v1/timeseries': Get<Question & { step?: string }, contract.TimeseriesAnswer>;
  '/v1/breakdown': Get<Question & { cursor?: string }, contract.BreakdownAnswer>;
  '/v1/comparison': Get<Question & { against?: string }, contract.ComparisonAnswer>;
  '/v1/changes': Get<
    Scope & { metric: string; definition?: string; against?: string; dimensions?: string; limit?: number },
    contract.ChangesAnswer
  >;
  '/v1/dimensions': Get<never, contract.DimensionsAnswer>;
  '/v1/dimensions/{dimension}/values': Get<
    { search?: string; from?: string; to?: string; limit?: number },
    contract.DimensionValuesAnswer,
    { dimension: string }
  >;
  '/v1/viewers/live': Get<{ status?: string; limit?: number }, contract.LiveViewersAnswer>;
  '/v1/sessions': Get<
    { from?: string; to?: string; viewer_id?: string; content_id?: string; limit?: number },
    contract.SessionsAnswer
  >;
  '/v1/sessions/{session_id}': Get<never, contract.SessionAnswer, { session_id: string }>;
  '/v1/sessions/{session_id}/beacons': Get<
    { limit?: number; cursor?: string },
    contract.BeaconsAnswer,
    { session_id: string }
  >;
}
