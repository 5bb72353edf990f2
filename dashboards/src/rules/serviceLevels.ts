import type { Objective } from '../../../src/telemetry/catalogue/objectives.js';
import { bucketSeries, countSeries } from '../names/series.js';
import { equals, matches, matchesNot, selector } from '../names/selectors.js';
import type { Matcher } from '../names/selectors.js';
import { upToBound } from './bucketBound.js';
import { increasedBy } from './increased.js';
import type { RecordingRule } from './rule.js';
import { DAY_S, HOUR_S, MINUTE_S } from './times.js';
import type { Times } from './times.js';

/** What a service is in Prometheus. Where no environment is set, its label is absent and does no harm. */
export const SERVICE = ['job', 'deployment_environment_name'] as const;

/** Windows over which the share of bad events is recorded, by the name that is part of the rules' names. */
export const windows = {
  '5m': 5 * MINUTE_S,
  '30m': 30 * MINUTE_S,
  '1h': HOUR_S,
  '2h': 2 * HOUR_S,
  '6h': 6 * HOUR_S,
  '1d': DAY_S,
  '3d': 3 * DAY_S,
} as const;
export type WindowName = keyof typeof windows | `${number}d`;

/** Long windows are added up from the recorded hour, at every step: reading a month of raw samples each time would cost too much. */
const STEP_S = 5 * MINUTE_S;
const LONGEST_RAW_S = 6 * HOUR_S;

/** Number of events within a window, for each service: `job:tool_call_availability_events:increase5m`. */
export const eventsRecord = ({ id }: Objective, window: WindowName): string => `job:${id}_events:increase${window}`;
/** Number of bad events within a window; 0 where there were none. */
export const badEventsRecord = ({ id }: Objective, window: WindowName): string => `job:${id}_bad_events:increase${window}`;
/** Share of bad events within a window, from 0 to 1; absent where nothing happened. */
export const badRatioRecord = ({ id }: Objective, window: WindowName): string => `job:${id}_bad_events:ratio${window}`;
/** Share of the error budget that is left: 1 when nothing was bad, 0 when it is used up, and below 0 after that. */
export const budgetLeftRecord = ({ id, windowDays }: Objective): string => `job:${id}_budget_left:ratio${String(windowDays)}d`;
/** The window that an objective is for, `30d`. */
export const objectiveWindow = ({ windowDays }: Objective): WindowName => `${windowDays}d`;

/** Share of the events that may be bad, without the noise of binary fractions: 0.01 for a target of 0.99. */
export const budget = ({ target }: Objective): number => Number((1 - target).toPrecision(6));

/** Selects the events that an objective counts as bad (`failed`), or those that it counts as good (`slow`). */
export function judgedSelector(objective: Objective): string {
  const { bad, metric } = objective;
  if (bad.kind === 'slow') return selector(bucketSeries(metric), [...population(objective), upToBound(metric, bad.slowerThanS)]);
  const pattern = bad.patterns.join('|');
  const judged = bad.is === 'one of' ? matches(bad.key, pattern) : matchesNot(bad.key, pattern);
  return selector(countSeries(metric), [...population(objective), judged]);
}

export const eventsSelector = (objective: Objective): string => selector(countSeries(objective.metric), population(objective));

const population = (objective: Objective): Matcher[] => Object.entries(objective.of).map(([key, value]) => equals(key, value));

/** The recording rules of one objective whose windows are read from raw samples. */
export function shortWindowRules(objective: Objective, times: Times): RecordingRule[] {
  return Object.entries(windows)
    .filter(([, seconds]) => seconds <= LONGEST_RAW_S)
    .flatMap(([name, seconds]) => {
      const window = name as WindowName;
      const events = eventsRecord(objective, window);
      const judged = increasedBy(SERVICE, judgedSelector(objective), seconds, times);
      const on = `on (${SERVICE.join(', ')})`;
      const bad = objective.bad.kind === 'slow' ? `clamp_min(${events} - ${on} (${judged}), 0)` : `(${judged}) or ${on} ${events} * 0`;
      return [
        labelled(objective, events, increasedBy(SERVICE, eventsSelector(objective), seconds, times)),
        labelled(objective, badEventsRecord(objective, window), bad),
        ratioRule(objective, window),
      ];
    });
}

/** The recording rules of one objective whose windows are added up from the recorded hour, and what is left of the budget. */
export function longWindowRules(objective: Objective, times: Times): RecordingRule[] {
  const long = Object.entries(windows).filter(([, seconds]) => seconds > LONGEST_RAW_S);
  const whole = objectiveWindow(objective);
  const overHours = (record: string, seconds: number): string =>
    `sum_over_time(${record}[${times(seconds)}:${times(STEP_S)}]) / ${String(HOUR_S / STEP_S)}`;
  const rules = [...long, [whole, objective.windowDays * DAY_S] as const].flatMap(([name, seconds]) => {
    const window = name as WindowName;
    return [
      labelled(objective, eventsRecord(objective, window), overHours(eventsRecord(objective, '1h'), seconds)),
      labelled(objective, badEventsRecord(objective, window), overHours(badEventsRecord(objective, '1h'), seconds)),
      ratioRule(objective, window),
    ];
  });
  const left = `1 - ${badRatioRecord(objective, whole)} / ${String(budget(objective))}`;
  return [...rules, labelled(objective, budgetLeftRecord(objective), left)];
}

/** Without the condition, a window without events would give NaN, which is not absent and compares as false. */
function ratioRule(objective: Objective, window: WindowName): RecordingRule {
  const expr = `${badEventsRecord(objective, window)} / (${eventsRecord(objective, window)} > 0)`;
  return labelled(objective, badRatioRecord(objective, window), expr);
}

/** The label lets a board ask for all objectives at once: `{__name__=~"job:.+_budget_left:.+"}`. */
function labelled({ id }: Objective, record: string, expr: string): RecordingRule {
  return { record, expr, labels: { objective: id } };
}
