import type { LinesPanel, LogQuery, MetricQuery, TraceQuery } from './spec.js';

/** A line for each series, in the order of the legend. */
export function lineOf(expr: string, legend: string): MetricQuery {
  return { source: 'prometheus', expr, legend };
}

/** As `lineOf`, with points that lead to traces. */
export function lineWithExemplars(expr: string, legend: string): MetricQuery {
  return { source: 'prometheus', expr, legend, exemplars: true };
}

/** A single figure, at the end of the time range. */
export function figure(expr: string, legend?: string): MetricQuery {
  return { source: 'prometheus', expr, instant: true, ...(legend === undefined ? {} : { legend }) };
}

/** A column of a table, with a row for each series. */
export function column(expr: string): MetricQuery {
  return { source: 'prometheus', expr, instant: true, format: 'table' };
}

/** The buckets of a histogram over time. */
export function buckets(expr: string): MetricQuery {
  return { source: 'prometheus', expr, format: 'heatmap', legend: '{{le}}', exemplars: true };
}

export function logs(expr: string, legend?: string): LogQuery {
  return { source: 'loki', expr, ...(legend === undefined ? {} : { legend }) };
}

export function spans(expr: string): TraceQuery {
  return { source: 'tempo', expr, shows: 'spans' };
}

export function spanMetrics(expr: string): TraceQuery {
  return { source: 'tempo', expr, shows: 'metrics' };
}

/** A panel of lines, a third of the width unless told otherwise. */
export function lines(panel: Omit<LinesPanel, 'kind' | 'width'> & { readonly width?: number }): LinesPanel {
  return { kind: 'lines', width: 8, ...panel };
}
