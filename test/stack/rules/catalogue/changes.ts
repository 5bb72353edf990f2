import { bucketSeries, labelName, seriesName } from '../../../../dashboards/src/names/series.js';
import type { MetricDefinition } from '../../../../src/telemetry/catalogue/definitions.js';
import { domains } from '../../../../src/telemetry/catalogue/domains.js';
import { lifecycleLimits, objectives } from '../../../../src/telemetry/catalogue/objectives.js';
import type { FailedEvents, Objective, SlowEvents } from '../../../../src/telemetry/catalogue/objectives.js';
import * as attributes from '../../../../src/telemetry/semconv.js';
import type { Catalogue, Change, Editable, Limits } from './change.js';

/**
 * Returns every change of the catalogue that rules have to notice.
 *
 * @param rules text of all rules: what it does not name cannot be missed in it.
 */
export function changesFor(rules: string): readonly Change[] {
  const metrics = domains.flatMap((domain) => domain.metrics ?? []).filter((metric) => names(rules, seriesName(metric)));
  return [
    ...metrics.flatMap((metric) => changesOfMetric(metric, rules)),
    ...changesOfLabels(rules),
    ...changesOfLimits(),
    ...Object.entries(objectives).flatMap(([key, objective]) => changesOfObjective(key, objective)),
  ];
}

/** Whether a text has a name, as a word or as what a part of a histogram begins with. */
const names = (text: string, name: string): boolean => new RegExp(`\\b${name}(?:_bucket|_count|_sum)?\\b`).test(text);

function changesOfMetric(metric: MetricDefinition, rules: string): Change[] {
  const change = (what: string, edit: (edited: Editable<MetricDefinition>) => void): Change => ({
    name: `${metric.name}: ${what}`,
    edit: (catalogue) => {
      edit(found(catalogue.metrics.find(({ name }) => name === metric.name)));
    },
  });
  const changes = [change('another name', (edited) => (edited.name = `${metric.name}.renamed`))];
  if (metric.unit === 's') changes.push(change('in milliseconds', (edited) => (edited.unit = 'ms')));
  if (metric.kind === 'histogram') changes.push(change('not a histogram', (edited) => (edited.kind = 'gauge')));
  if (metric.buckets !== undefined && names(rules, bucketSeries(metric))) {
    const moved = metric.buckets.map((bound) => bound * 1.1);
    changes.push(change('other buckets', (edited) => (edited.buckets = moved)));
  }
  return changes;
}

/** Names of attributes, as constants of the module that all of the product takes them from. */
function changesOfLabels(rules: string): Change[] {
  return Object.entries(attributes)
    .filter(([constant, value]) => constant.startsWith('ATTR_') && typeof value === 'string' && names(rules, labelName(value)))
    .map(([constant, value]) => ({ name: `the attribute ${String(value)}: another name`, renamed: constant }));
}

function changesOfObjective(key: string, objective: Objective): Change[] {
  const change = (what: string, edit: (edited: Editable<Objective>) => void): Change => ({
    name: `${objective.id}: ${what}`,
    edit: (catalogue: Catalogue) => {
      edit(found(catalogue.objectives[key]));
    },
  });
  const { bad, metric } = objective;
  return [
    change('another id', (edited) => (edited.id = `${objective.id}_renamed`)),
    change('a little stricter', (edited) => (edited.target = 1 - (1 - objective.target) * 0.9)),
    change('a little less strict', (edited) => (edited.target = 1 - (1 - objective.target) * 1.1)),
    change('over 28 days', (edited) => (edited.windowDays = 28)),
    ...Object.keys(objective.of).map((attribute) =>
      change(`other events by ${attribute}`, (edited) => (edited.of = { ...objective.of, [attribute]: 'other' })),
    ),
    ...(bad.kind === 'failed' ? changesOfFailed(bad, change) : changesOfSlow(bad, metric, change)),
  ];
}

/** Each limit of the lifecycle a little higher, and a little lower. */
function changesOfLimits(): Change[] {
  const { jobIntervalsS, sweepLagS } = lifecycleLimits;
  const change = (name: string, edit: (limits: Limits, factor: number) => void): Change[] =>
    [0.9, 1.1].map((factor) => ({ name: `${name} times ${String(factor)}`, edit: ({ limits }) => edit(limits, factor) }));
  return [
    ...change('the share of the storage', (limits, factor) => (limits.storageShare *= factor)),
    ...keys(sweepLagS).flatMap((sweep) => change(`the wait for ${sweep}`, (limits, factor) => (limits.sweepLagS[sweep] *= factor))),
    ...keys(jobIntervalsS).flatMap((job) =>
      [0.5, 2].map((factor) => ({
        name: `the interval of ${job} times ${String(factor)}`,
        edit: ({ limits }: Catalogue) => (limits.jobIntervalsS[job] *= factor),
      })),
    ),
  ];
}

const keys = <T extends object>(of: T): (keyof T & string)[] => Object.keys(of) as (keyof T & string)[];

type ChangeOf = (what: string, edit: (edited: Editable<Objective>) => void) => Change;

function changesOfFailed(bad: FailedEvents, change: ChangeOf): Change[] {
  const is = bad.is === 'one of' ? 'none of' : 'one of';
  return [
    change(`bad is ${is} the patterns`, (edited) => (edited.bad = { ...bad, is })),
    ...bad.patterns.map((pattern) =>
      change(`without the pattern ${JSON.stringify(pattern)}`, (edited) => {
        edited.bad = { ...bad, patterns: bad.patterns.map((each) => (each === pattern ? 'other' : each)) };
      }),
    ),
  ];
}

function changesOfSlow(bad: SlowEvents, { buckets = [] }: MetricDefinition, change: ChangeOf): Change[] {
  return buckets
    .filter((bound) => bound !== bad.slowerThanS)
    .map((bound) => change(`slow is slower than ${String(bound)} s`, (edited) => (edited.bad = { ...bad, slowerThanS: bound })));
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The catalogue that was loaded again has not what this one has.');
  return value;
}
