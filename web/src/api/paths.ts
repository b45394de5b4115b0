import type * as contract from './contract';
import type { paths as Told } from './schema';

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

/** Resources of metrics by dimensions. */
interface OfMetrics {
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
}

/** The resources that the pages ask: as the gateway's document tells them, those of metrics as written here. */
export type paths = Omit<Told, keyof OfMetrics> & OfMetrics;
