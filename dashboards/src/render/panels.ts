import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LogsSortOrder,
  StackingConfigBuilder,
  StackingMode,
  VisibilityMode,
} from '@grafana/grafana-foundation-sdk/common';
import { MappingType } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardLink, Panel, ThresholdsConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  PanelBuilder as HeatmapBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { PanelBuilder as LogsBuilder } from '@grafana/grafana-foundation-sdk/logs';
import { PanelBuilder as MapBuilder } from '@grafana/grafana-foundation-sdk/nodegraph';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { fromRow, fromSeries } from '../panels/links.js';
import type { HeatmapPanel, LinesPanel, PanelSpec, StatPanel, TablePanel } from '../panels/spec.js';
import { lastValue, legendBuilder, linkBuilders, thresholdsBuilder, tooltipBuilder } from './fields.js';
import { queryBuilders, sourceRef } from './queries.js';

/** What builders of all kinds of panels can do. */
interface AnyPanelBuilder extends Builder<Panel> {
  title(title: string): this;
  description(text: string): this;
  unit(unit: string): this;
  noValue(text: string): this;
  datasource(reference: { type: string; uid: string }): this;
  targets(targets: Builder<Dataquery>[]): this;
  links(links: Builder<DashboardLink>[]): this;
  dataLinks(links: Builder<DashboardLink>[]): this;
  thresholds(thresholds: Builder<ThresholdsConfig>): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
}

/** Returns a panel of Grafana, without its place and id. */
export function renderPanel(spec: PanelSpec): Panel {
  const builder = builderOf(spec);
  const [first] = spec.queries;
  if (first === undefined) throw new TypeError(`The panel "${spec.title}" has no query.`);
  builder.title(spec.title).description(spec.description).unit(spec.unit).noValue(spec.empty);
  builder.datasource(sourceRef(first.source)).targets(queryBuilders(spec.queries));
  builder.links(linkBuilders(spec.links)).thresholds(thresholdsBuilder(spec.thresholds));
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  if (spec.min !== undefined) builder.min(spec.min);
  if (spec.max !== undefined) builder.max(spec.max);
  if ('seriesLinks' in spec && spec.seriesLinks !== undefined) {
    builder.dataLinks(linkBuilders(spec.seriesLinks, spec.kind === 'table' ? fromRow(spec.headings ?? {}) : fromSeries));
  }
  return builder.build();
}

function builderOf(spec: PanelSpec): AnyPanelBuilder {
  switch (spec.kind) {
    case 'stat':
      return statBuilder(spec);
    case 'lines':
      return linesBuilder(spec);
    case 'heatmap':
      return heatmapBuilder(spec);
    case 'table':
      return tableBuilder(spec);
    case 'logs':
      return new LogsBuilder().showTime(true).wrapLogMessage(true).enableLogDetails(true).sortOrder(LogsSortOrder.Descending);
    case 'map':
      return new MapBuilder();
  }
}

function statBuilder({ words = [], sparkline }: StatPanel): StatBuilder {
  const builder = new StatBuilder().reduceOptions(lastValue()).colorMode(BigValueColorMode.BackgroundSolid);
  builder.graphMode(sparkline === true ? BigValueGraphMode.Area : BigValueGraphMode.None);
  if (words.length === 0) return builder;
  const options = Object.fromEntries(words.map(({ value, text, color }, index) => [String(value), { text, color, index }]));
  return builder.mappings([{ type: MappingType.ValueToText, options }]);
}

function linesBuilder({ stacked, thresholds }: LinesPanel): LinesBuilder {
  const builder = new LinesBuilder().legend(legendBuilder()).tooltip(tooltipBuilder()).showPoints(VisibilityMode.Auto);
  builder
    .lineWidth(1)
    .fillOpacity(stacked === true ? 40 : 8)
    .axisSoftMin(0);
  if (stacked === true) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  if (thresholds === undefined) return builder;
  return builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}

function heatmapBuilder({ unit }: HeatmapPanel): HeatmapBuilder {
  const color = new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').steps(64).exponent(0.5);
  return new HeatmapBuilder().calculate(false).color(color).cellGap(1).yAxis(new YAxisConfigBuilder().unit(unit)).showLegend();
}

/** One row for each series, with the labels as columns; the values of several queries side by side. */
function tableBuilder({ queries, hidden = [], headings = {}, units = {} }: TablePanel): TableBuilder {
  const builder = new TableBuilder().showHeader(true).filterable(true);
  if (queries[0]?.source === 'tempo') return builder;
  const organised = { excludeByName: Object.fromEntries(['Time', ...hidden].map((name) => [name, true])), renameByName: headings };
  if (queries.length > 1) builder.withTransformation({ id: 'merge', options: {} });
  builder.withTransformation({ id: 'organize', options: organised });
  for (const [heading, unit] of Object.entries(units)) builder.overrideByName(heading, [{ id: 'unit', value: unit }]);
  return builder;
}
