import type { BoardIdentity } from '../boardList.js';

/** A query of PromQL. */
export interface MetricQuery {
  readonly source: 'prometheus';
  readonly expr: string;
  /** Name of each series, with `{{label}}`. */
  readonly legend?: string;
  /** One value at the end of the time range instead of a line. */
  readonly instant?: true;
  readonly format?: 'table' | 'heatmap';
  /** Show exemplars, which lead to traces. */
  readonly exemplars?: true;
}

/** A query of LogQL. */
export interface LogQuery {
  readonly source: 'loki';
  readonly expr: string;
  readonly legend?: string;
}

/** A query of TraceQL, for a table of spans or (`metrics`) for lines; or Tempo's map of services. */
export interface TraceQuery {
  readonly source: 'tempo';
  readonly expr: string;
  readonly shows: 'spans' | 'metrics' | 'service map';
}

/** A query of SQL on the rollups of a handoff server. */
export interface RollupQuery {
  readonly source: 'postgres';
  /** With Grafana's macros. Lines need the columns `time`, `metric` and `value`, in the order of their times. */
  readonly expr: string;
  readonly format: 'time_series' | 'table';
}

export type Query = MetricQuery | LogQuery | TraceQuery | RollupQuery;

/** From this value on, a figure has this colour. The first step has no value. */
export interface Threshold {
  readonly value: number | null;
  readonly color: 'green' | 'yellow' | 'orange' | 'red' | 'blue' | 'text';
}

/** A way to the next question. The time range and the choices made on the board go along. */
export interface Link {
  readonly title: string;
  readonly to: BoardIdentity;
  /** A choice to make there, by name of the variable: a label of the series that was clicked. Links of a whole panel cannot have it. */
  readonly pick?: { readonly variable: string; readonly label: string };
}

/** What every kind of panel has. */
interface PanelBase {
  readonly title: string;
  /** What it shows, what is normal, what to do next. */
  readonly description: string;
  /** Unit id of Grafana, for instance `s`, `reqps`, `percentunit`. */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** Columns of 24. */
  readonly width: number;
  readonly links: readonly Link[];
  /** What stands there when there are no data. */
  readonly empty: string;
  readonly thresholds?: readonly Threshold[];
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
}

export interface StatPanel extends PanelBase {
  readonly kind: 'stat';
  /** Words instead of numbers. */
  readonly words?: readonly { readonly value: number; readonly text: string; readonly color: Threshold['color'] }[];
  readonly sparkline?: true;
}

export interface LinesPanel extends PanelBase {
  readonly kind: 'lines';
  readonly stacked?: true;
  /** Links of a single series, by a click on it. */
  readonly seriesLinks?: readonly Link[];
}

export interface HeatmapPanel extends PanelBase {
  readonly kind: 'heatmap';
}

export interface TablePanel extends PanelBase {
  readonly kind: 'table';
  /** Columns to hide, and headings by column name. Values of several queries are `Value #A`, `Value #B`. */
  readonly hidden?: readonly string[];
  readonly headings?: Readonly<Record<string, string>>;
  /** Units of single columns, by heading. */
  readonly units?: Readonly<Record<string, string>>;
  readonly seriesLinks?: readonly Link[];
}

export interface LogsPanel extends PanelBase {
  readonly kind: 'logs';
}

export interface MapPanel extends PanelBase {
  readonly kind: 'map';
}

export type PanelSpec = StatPanel | LinesPanel | HeatmapPanel | TablePanel | LogsPanel | MapPanel;

export interface RowSpec {
  readonly title: string;
  readonly panels: readonly PanelSpec[];
}

/** A variable that the reader of a board chooses. */
export interface VariableSpec {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** A query variable lists the values of a label; a source variable the data sources of a kind; a text one is typed. */
  readonly kind: 'source' | 'labels' | 'text' | 'choice';
  readonly source?: Query['source'];
  /** For `labels`: what has the label, and the label. */
  readonly of?: { readonly series: string; readonly label: string };
  readonly choices?: readonly string[];
  /** The pattern that stands for all values. */
  readonly all?: string;
  readonly hidden?: true;
}

export interface BoardSpec {
  readonly identity: BoardIdentity;
  readonly variables: readonly VariableSpec[];
  readonly rows: readonly RowSpec[];
  /** The first thing shown, in hours before now. */
  readonly hours: number;
}
