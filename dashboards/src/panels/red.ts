import type { MetricDefinition } from '../../../src/telemetry/catalogue/definitions.js';
import { ATTR_ERROR_TYPE } from '../../../src/telemetry/semconv.js';
import type { Matcher } from '../names/selectors.js';
import { countSeries, labelName } from '../names/series.js';
import { lineOf, lines } from './make.js';
import type { LinesPanel, Link, Threshold } from './spec.js';
import { orNone, quantile, rate, share, sum } from '../promql/expressions.js';
import { failed } from '../promql/objectives.js';

/** What three panels of rate, errors and duration are about. */
export interface RedSubject {
  /** In the plural, for titles: `Tool calls`. */
  readonly what: string;
  readonly metric: MetricDefinition;
  readonly matchers: readonly Matcher[];
  /** Attributes that make a line each, and their names for readers. */
  readonly by: readonly string[];
  readonly byName: string;
  /** What a figure says about the state, and what to do next. */
  readonly next: string;
  readonly links: readonly Link[];
  readonly seriesLinks?: readonly Link[];
  readonly errorSteps?: readonly Threshold[];
  readonly durationSteps?: readonly Threshold[];
  /** Unit of the rate: `reqps` for requests, `ops` for operations. */
  readonly rateUnit: 'reqps' | 'ops';
  readonly empty: string;
}

/** Returns a panel each for the rate, the share of errors and the 95th percentile of the duration. */
export function redPanels(subject: RedSubject): LinesPanel[] {
  const { what, metric, matchers, by, byName, next, links, seriesLinks, empty } = subject;
  const legend = by.map((key) => `{{${labelName(key)}}}`).join(' ');
  const count = countSeries(metric);
  const all = sum(rate(count, matchers), by);
  const errors = sum(rate(count, [...matchers, failed(ATTR_ERROR_TYPE)]), by);
  const common = { links, empty, ...(seriesLinks === undefined ? {} : { seriesLinks }) };
  return [
    lines({
      ...common,
      title: `${what} per second, by ${byName}`,
      description: `The rate. A sudden drop is as bad as a sudden rise. ${next}`,
      unit: subject.rateUnit,
      queries: [lineOf(all, legend)],
    }),
    lines({
      ...common,
      title: `${what} that fail, by ${byName}`,
      description: `Share of those that ended with an error. ${next}`,
      unit: 'percentunit',
      min: 0,
      queries: [lineOf(share(orNone(errors, all), all), legend)],
      ...(subject.errorSteps === undefined ? {} : { thresholds: subject.errorSteps }),
    }),
    lines({
      ...common,
      title: `Duration p95, by ${byName}`,
      description: `95 % take no longer than this. ${next}`,
      unit: 's',
      queries: [lineOf(quantile(0.95, metric, matchers, by), legend)],
      ...(subject.durationSteps === undefined ? {} : { thresholds: subject.durationSteps }),
    }),
  ];
}
