import { alertNames } from '../../../telemetry/catalogue/alerts.js';
import type { AlertName } from '../../../telemetry/catalogue/alerts.js';

/** From when on a figure is beyond its threshold. All have defaults; 0 switches one off. */
export interface AlertThresholds {
  /** Duration that 95 % of the calls of an interval stay below, in milliseconds. Default 1000. */
  readonly responseTime?: number;
  /** Calls of an interval that failed inside the server, in percent. Default 5. */
  readonly errorRate?: number;
  /** Of the limit of the container or of the JavaScript heap, whichever is closer, in percent. Default 80. */
  readonly memoryUsage?: number;
  /** Of the file system of the data folder, in percent. Default 85. */
  readonly diskUsage?: number;
  /** Duration that 95 % of the runs of each SQL statement stay below, in milliseconds. Default 1000. */
  readonly statementTime?: number;
  /** Connections of the pool in use, and calls that wait for one, in percent of the pool. Default 90. */
  readonly poolUsage?: number;
  /** Share of the time in which the main thread was busy, in percent. Default 90. */
  readonly eventLoopUsage?: number;
}

/** When an alert is raised, and when it is cleared. */
export interface Threshold {
  /** A figure this high or higher raises the alert. */
  readonly raiseAt: number;
  /** Only a figure below this clears it. */
  readonly clearBelow: number;
  /** For how long either must hold, in milliseconds. */
  readonly holdMs: number;
}

export interface ThresholdSettings {
  readonly thresholds?: AlertThresholds | undefined;
  /** Milliseconds. Default 60,000. */
  readonly holdMs?: number | undefined;
  /** Percent of the threshold, 1 to 100. Default 90. */
  readonly clearPercent?: number | undefined;
}

const DEFAULT_HOLD_MS = 60_000;
const DEFAULT_CLEAR_PERCENT = 90;

const KEYS: Readonly<Record<AlertName, { readonly key: keyof AlertThresholds; readonly byDefault: number }>> = {
  response_time: { key: 'responseTime', byDefault: 1000 },
  error_rate: { key: 'errorRate', byDefault: 5 },
  statement_time: { key: 'statementTime', byDefault: 1000 },
  memory: { key: 'memoryUsage', byDefault: 80 },
  disk: { key: 'diskUsage', byDefault: 85 },
  database_pool: { key: 'poolUsage', byDefault: 90 },
  event_loop: { key: 'eventLoopUsage', byDefault: 90 },
};

/** Returns the threshold of one alert; `undefined` where it is switched off. */
export function thresholdOf(name: AlertName, settings: ThresholdSettings): Threshold | undefined {
  const { thresholds = {}, holdMs = DEFAULT_HOLD_MS, clearPercent = DEFAULT_CLEAR_PERCENT } = settings;
  const { key, byDefault } = KEYS[name];
  const raiseAt = thresholds[key] ?? byDefault;
  return raiseAt > 0 ? { raiseAt, clearBelow: (raiseAt * clearPercent) / 100, holdMs } : undefined;
}

/** At which figure each alert is raised; absent where it is switched off. */
export function raisingFigures({
  alertThresholds,
}: {
  readonly alertThresholds?: AlertThresholds;
}): Readonly<Partial<Record<AlertName, number>>> {
  return Object.fromEntries(
    alertNames.flatMap((name) => {
      const threshold = thresholdOf(name, { thresholds: alertThresholds });
      return threshold === undefined ? [] : [[name, threshold.raiseAt]];
    }),
  );
}
