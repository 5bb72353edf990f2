import { falseAlarmsPerWeek } from '../../../../src/handoff/analytics/anomalies/alarmRate.js';
import { median } from '../../statistics.js';
import type { Kind } from './detectors.js';
import { faults } from './faults.js';
import { INTERVAL_MS, ROWS_PER_WEEK, healthySeries } from './healthySeries.js';
import { alarms } from './trial.js';
import type { Trial } from './trial.js';

export interface Results {
  readonly kind: Kind;
  readonly trials: readonly Trial[];
}

const SENSITIVITIES = [0, 0.25, 0.5, 0.75, 1] as const;
const MINUTES_PER_ROW = INTERVAL_MS / 60_000;

/** The part of docs/comparisons/anomalies.md that is measured. */
export function faultTables(results: readonly Results[]): string {
  return [
    '## False alarms',
    '',
    'In a week and series in which nothing is wrong, from the fourth week on. *Stated* is what `anomalyDetectionSensitivity` means; the simpler',
    'detectors get the threshold at which they would keep to it if the rows were normally distributed and had no season.',
    '',
    `| Sensitivity | Stated | ${results.map(({ kind }) => kind.name).join(' | ')} |`,
    `| ---: | ---: |${results.map(() => ' ---: |').join('')}`,
    ...SENSITIVITIES.map((each) => `| ${each} | ${stated(each)} | ${results.map((result) => falseAlarms(result, each)).join(' | ')} |`),
    '',
    `By series, at sensitivity 0.5 (stated: ${stated(0.5)}):`,
    '',
    `| Series | ${results.map(({ kind }) => kind.name).join(' | ')} |`,
    `| --- |${results.map(() => ' ---: |').join('')}`,
    ...healthySeries.map(({ name }) => `| ${name} | ${results.map((result) => falseAlarms(result, 0.5, name)).join(' | ')} |`),
    '',
    '## Detection',
    '',
    'How many of the faults were found within two days, and the median delay of those in minutes, by sensitivity.',
    '',
    `| Fault | Detector | ${SENSITIVITIES.join(' | ')} |`,
    `| --- | --- |${SENSITIVITIES.map(() => ' ---: |').join('')}`,
    ...faults.flatMap(({ name }) =>
      results.map(
        (result) => `| ${name} | ${result.kind.name} | ${SENSITIVITIES.map((each) => detection(result, name, each)).join(' | ')} |`,
      ),
    ),
    '',
  ].join('\n');
}

function stated(sensitivity: number): string {
  return falseAlarmsPerWeek(sensitivity).toFixed(2);
}

function thresholdOf({ kind }: Results, sensitivity: number): number {
  return kind.threshold(falseAlarmsPerWeek(sensitivity), sensitivity);
}

function falseAlarms(results: Results, sensitivity: number, series?: string): string {
  const trials = results.trials.filter((trial) => series === undefined || trial.series === series);
  const weeks = trials.reduce((sum, { healthy }) => sum + healthy.length / ROWS_PER_WEEK, 0);
  const threshold = thresholdOf(results, sensitivity);
  return (trials.reduce((sum, { healthy }) => sum + alarms(healthy, threshold), 0) / weeks).toFixed(2);
}

function detection(results: Results, fault: string, sensitivity: number): string {
  const threshold = thresholdOf(results, sensitivity);
  const delays = results.trials.flatMap((trial) => {
    const scores = trial.faults.get(fault);
    return scores === undefined ? [] : [scores.findIndex((score) => score >= threshold)];
  });
  const found = delays.filter((delay) => delay >= 0);
  return `${found.length} of ${delays.length}${found.length === 0 ? '' : `, ${Math.round(median(found) * MINUTES_PER_ROW)} min`}`;
}
