import type { Evidence } from '../evidence.js';
import type { Expectation } from '../row.js';
import { alertFigures, type AlertFigures } from './alerts.js';
import { callFigures, type CallFigures } from './calls.js';
import { healthFigures, type HealthFigures } from './health.js';
import { writeFigures, type WriteFigures } from './writes.js';

/** All that one row of the table says. */
export interface Assessment {
  readonly calls: CallFigures;
  readonly writes: WriteFigures;
  readonly health: HealthFigures;
  readonly alerts: AlertFigures;
  /** Health and alerts have told of the fault. */
  readonly isTold: boolean;
  /** At the end of what was seen, calls succeed, health says that all is well, and no expected alert fires. */
  readonly isWholeNow: boolean;
  /** Everything that is not as it must be; empty for a row that holds. */
  readonly faults: readonly string[];
}

/** `/health` names what is broken within this time, at one look a second, each of which may take two. */
export const TELL_WITHIN_MS = 8000;
/** Calls succeed again, and health says so, within this time of the mending. */
export const WHOLE_WITHIN_MS = 30_000;

/** Judges what was seen of one fault. */
export function assess(expected: Expectation, evidence: Evidence): Assessment {
  const calls = callFigures(evidence);
  const writes = writeFigures(evidence);
  const health = healthFigures(expected, evidence);
  const alerts = alertFigures(expected, evidence);
  const figures = { calls, writes, health, alerts };
  return {
    ...figures,
    isTold:
      (health.toldAfterMs !== undefined || expected.brief !== undefined) && (alerts.raised !== undefined || expected.alerts.length === 0),
    isWholeNow: calls.stuck.length === 0 && health.clearedAfterMs !== undefined && alerts.clearedAfterMs !== undefined,
    faults: [
      ...ofCalls(calls, expected, evidence),
      ...ofWrites(writes, expected),
      ...ofHealth(health, expected),
      ...ofAlerts(alerts, expected),
    ],
  };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function ofCalls(figures: CallFigures, { noCallFails }: Expectation, { endedReplicas }: Evidence): string[] {
  const { made, failed, stuck, recoveredAfterMs } = figures;
  return [
    ...(noCallFails === true && failed > 0 ? [`${failed} calls failed, and none had to.`] : []),
    ...(made === 0 ? ['No call was made, so nothing was shown.'] : []),
    ...endedReplicas.map((name) => `The server ${name} ended.`),
    ...(stuck.length === 0 ? [] : [`Calls of ${stuck.join(', ')} did not succeed again.`]),
    ...(recoveredAfterMs <= WHOLE_WITHIN_MS ? [] : [`Calls still failed ${seconds(recoveredAfterMs)} after the mending.`]),
  ];
}

function ofWrites({ acknowledged, lost, doubled, foreign }: WriteFigures, { mayLose }: Expectation): string[] {
  return [
    ...(acknowledged === 0 ? ['No write was acknowledged, so nothing was shown.'] : []),
    ...(lost === 0 || mayLose !== undefined ? [] : [`${lost} acknowledged writes are lost.`]),
    ...(doubled === 0 ? [] : [`${doubled} writes are stored more than once.`]),
    ...(foreign === 0 ? [] : [`${foreign} entries are stored that nobody wrote.`]),
  ];
}

function ofHealth(
  { toldAfterMs, clearedAfterMs, untrue, silent }: HealthFigures,
  { health, brief, tellWithinMs = TELL_WITHIN_MS }: Expectation,
): string[] {
  const isUntold = toldAfterMs === undefined || toldAfterMs > tellWithinMs;
  return [
    ...(health !== undefined && brief === undefined && isUntold
      ? [`/health did not name ${health.part} within ${seconds(tellWithinMs)}.`]
      : []),
    ...(clearedAfterMs === undefined || clearedAfterMs > WHOLE_WITHIN_MS
      ? [`/health did not say within ${seconds(WHOLE_WITHIN_MS)} of the mending that all is well.`]
      : []),
    ...silent.map((name) => `/health of ${name} did not answer.`),
    ...untrue.map((words) => `/health said what was not so: ${words}.`),
  ];
}

function ofAlerts({ raised, clearedAfterMs, others }: AlertFigures, { alerts }: Expectation): string[] {
  if (alerts.length === 0) return others.map((name) => `The alert ${name} fired, and nothing was wrong.`);
  return [
    ...(raised === undefined ? [`None of the alerts fired that should: ${alerts.join(', ')}.`] : []),
    ...(clearedAfterMs === undefined ? ['The alert did not clear.'] : []),
  ];
}
