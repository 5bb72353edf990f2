import { setTimeout as wait } from 'node:timers/promises';
import type { Notified } from '../standIns/webhooks.js';
import { isOf, statesOf } from './alertStates.js';
import type { ExpectedAlert, Fault, World } from './fault.js';

const POLL_MS = 200;
/** No alert takes longer, once its times are divided. */
const FIRING_TIMEOUT_MS = 60_000;
/** The longest windows, 6 h and 2 h, have to pass, even when calls that succeed make up for what failed. */
const CLEARING_TIMEOUT_MS = 240_000;

/** What became of one alert of a fault. */
export interface AlertRun {
  readonly fault: string;
  readonly alert: string;
  /** Where it went: the receiver, or why nobody was told. */
  readonly told: string;
  readonly secondsToFire: number;
  readonly secondsToClear: number;
}

/** A fault that was noticed and mended. */
export interface Mended {
  /** Resolves when every alert of it has cleared. */
  readonly cleared: Promise<AlertRun[]>;
}

/**
 * Causes a fault, waits until each of its alerts fires in both Prometheus and has reached its receiver through Alertmanager, and mends it.
 *
 * @throws Error that says what is missing of which alert.
 */
export async function runFault(fault: Fault, world: World): Promise<Mended> {
  const startedMs = performance.now();
  await fault.begin?.(world);
  const firedMs = new Map<ExpectedAlert, number>();
  const told = new Map<ExpectedAlert, string>();
  await repeat(fault, 'fired', FIRING_TIMEOUT_MS, fault.go, world, async () => {
    const states = await statesOf(world);
    return fault.alerts.flatMap((alert) => {
      const missing = states.missing(alert, startedMs);
      if (missing === undefined && !firedMs.has(alert)) {
        firedMs.set(alert, performance.now());
        told.set(alert, states.told(alert));
      }
      // Some end before others begin: each has to be seen once.
      return firedMs.has(alert) || missing === undefined ? [] : [missing];
    });
  });
  await fault.end?.(world);
  return { cleared: clear(fault, world, startedMs, firedMs, told) };
}

async function clear(
  fault: Fault,
  world: World,
  startedMs: number,
  firedMs: ReadonlyMap<ExpectedAlert, number>,
  told: ReadonlyMap<ExpectedAlert, string>,
): Promise<AlertRun[]> {
  const mendedMs = performance.now();
  const clearedMs = new Map<ExpectedAlert, number>();
  await repeat(fault, 'cleared', CLEARING_TIMEOUT_MS, fault.recover, world, async () => {
    const states = await statesOf(world);
    return fault.alerts.flatMap((alert) => {
      if (clearedMs.has(alert)) return [];
      const left = states.left(alert) ?? notTold(alert, told.get(alert) ?? '', lastOf(world, alert, startedMs));
      if (left === undefined) clearedMs.set(alert, performance.now());
      return left === undefined ? [] : [left];
    });
  });
  return fault.alerts.map((alert) => ({
    fault: fault.name,
    alert: alert.name,
    told: told.get(alert) ?? '',
    secondsToFire: ((firedMs.get(alert) ?? 0) - startedMs) / 1000,
    secondsToClear: ((clearedMs.get(alert) ?? 0) - mendedMs) / 1000,
  }));
}

const lastOf = ({ webhooks }: World, alert: ExpectedAlert, sinceMs: number): Notified | undefined =>
  webhooks.notified.findLast(({ labels, atMs }) => atMs >= sinceMs && isOf(alert, labels));

/** Whoever was told that it fires must be told that it is over. */
function notTold({ name }: ExpectedAlert, told: string, last: Notified | undefined): string | undefined {
  return told === last?.receiver && last.status !== 'resolved' ? `${last.receiver} was not told that ${name} is over` : undefined;
}

/** Repeats `act` until `problems` finds none. */
async function repeat(
  fault: Fault,
  done: string,
  timeoutMs: number,
  act: ((world: World) => Promise<unknown>) | undefined,
  world: World,
  problems: () => Promise<string[]>,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  // It is looked at while the fault is being felt, since some acts take seconds.
  let acting: Promise<unknown> | undefined;
  for (;;) {
    acting ??= act?.(world).finally(() => {
      acting = undefined;
    });
    const left = await problems();
    if (left.length === 0) break;
    if (performance.now() > deadline) {
      throw new Error(`"${fault.name}": not every alert has ${done} within ${timeoutMs / 1000} s:\n  ${left.join('\n  ')}`);
    }
    await wait(POLL_MS);
  }
  await acting;
}
