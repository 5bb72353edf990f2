import { TooltipDisplayMode, VizLegendOptionsBuilder, VizTooltipOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { LegendDisplayMode, LegendPlacement, ReduceDataOptionsBuilder, SortOrder } from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardLink } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { linkUrl } from '../panels/links.js';
import type { PickedFrom } from '../panels/links.js';
import type { Link, Threshold } from '../panels/spec.js';

/** Nothing is good or bad about a figure without thresholds. */
const NEUTRAL: readonly Threshold[] = [{ value: null, color: 'text' }];

export function linkBuilders(links: readonly Link[], picked?: PickedFrom): Builder<DashboardLink>[] {
  return links.map((link) => new DashboardLinkBuilder(link.title).type(DashboardLinkType.Link).url(linkUrl(link, picked)));
}

export function thresholdsBuilder(steps: readonly Threshold[] = NEUTRAL): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...steps]);
}

/** A table under the lines, so that names stay readable when there are many. */
export function legendBuilder(): VizLegendOptionsBuilder {
  return new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.Table)
    .placement(LegendPlacement.Bottom)
    .calcs(['lastNotNull', 'max'])
    .sortBy('Last *')
    .sortDesc(true);
}

export function tooltipBuilder(): VizTooltipOptionsBuilder {
  return new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);
}

/** The last value counts: an instant query has no other. */
export function lastValue(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false);
}
