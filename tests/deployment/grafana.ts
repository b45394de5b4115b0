// The shape of a dashboard file: Grafana's own types, with each panel's options by its type.
import type { Dashboard, FieldConfig, FieldConfigSource, Panel } from '@grafana/schema';
import type { Options as BarGaugeOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type {
  FieldConfig as TableFields,
  Options as TableOptions,
} from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type {
  FieldConfig as TimeSeriesFields,
  Options as TimeSeriesOptions,
} from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

/** JSON holds the values of enums, not the enums. */
type Plain<T> = T extends string
  ? `${T}`
  : T extends number
    ? number extends T
      ? number
      : `${T}` extends `${infer N extends number}`
        ? N
        : T
    : T extends object
      ? { [K in keyof T]: Plain<T[K]> }
      : T;

/** A query of the ClickHouse data source, written as SQL. */
interface Query {
  refId: string;
  datasource: { type: 'grafana-clickhouse-datasource'; uid: 'playhead-warehouse' };
  editorType: 'sql';
  pluginVersion: string;
  queryType: 'table' | 'timeseries';
  /** 0 time series, 1 table. */
  format: 0 | 1;
  rawSql: string;
}

interface PanelOf<Type extends string, Options, Custom>
  extends Omit<Panel, 'type' | 'options' | 'fieldConfig' | 'targets' | 'id' | 'title' | 'description' | 'gridPos'> {
  type: Type;
  id: number;
  title: string;
  description: string;
  gridPos: { x: number; y: number; w: number; h: number };
  options: Options;
  fieldConfig: Omit<FieldConfigSource, 'defaults'> & {
    defaults: Omit<FieldConfig, 'custom' | 'unit'> & { unit: string; custom?: Custom };
  };
  targets: Query[];
}

type AnyPanel =
  | PanelOf<'stat', StatOptions, Record<string, never>>
  | PanelOf<'bargauge', BarGaugeOptions, Record<string, never>>
  | PanelOf<'table', TableOptions, Partial<TableFields>>
  | PanelOf<'timeseries', TimeSeriesOptions, TimeSeriesFields>;

export type DashboardFile = Plain<Omit<Dashboard, 'panels'> & { uid: string; title: string; panels: AnyPanel[] }>;
