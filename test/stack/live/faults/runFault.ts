import { setTimeout as wait } from 'node:timers/promises';
import type { Notified } from '../standIns/webhooks.js';
import { isOf, statesOf } from './alertStates.js';
import { outlasting } from './outlasting.js';
import { PACE } from '../timing.js';
import type { ExpectedAlert, Fault, World } from './fault.js';

const POLL_MS = 200 * PACE;
/** Hardly any alert takes half as long, once its times are divided. */
const FIRING_TIMEOUT_MS = 90_000;
/** Windows up to an hour and a half have to pass, and what other faults hold back meanwhile is told after them. */
const CLEARING_TIMEOUT_MS = 180_000;

/** What became of one alert of a fault. */
export interface AlertRun {
  readonly fault: string;
  readonly alert: string;
  /** Where it went: the receiver, or why nobody was told. */
  readonly told: string;
  readonly secondsToFire: number;
  /** Undefined for an alert that outlasts the run. */
  readonly secondsToClear: number | undefined;
}

/** A fault that was noticed and mended. */
export interface Mended {
  /** Resolves when every alert of it has cleared. */
  readonly cleared: Promise<AlertRun[]>;
}

/**
 * Causes a fault, waits until each of its alerts fires in both Prometheus and has reached its receiver through Alertmanager, and until the
 * queries that it fills return data, and mends it. `emptyQueries` names those that do not yet.
 *
 * @throws Error that says what is missing of which alert.
 */
export async function runFault(fault: Fault, world: World, emptyQueries: () => readonly string[]): Promise<Mended> {
  await fault.ready?.(world);
  const startedMs = performance.now();
  await fault.begin?.(world);
  const firedMs = new Map<ExpectedAlert, number>();
  const told = new Map<ExpectedAlert, string>();
  await repeat(fault, 'fired', (fault.firesWithinMs ?? FIRING_TIMEOUT_MS) * PACE, fault.go, world, async () => {
    const states = await statesOf(world);
    const silent = fault.alerts.flatMap((alert) => {
      const missing = states.missing(alert, startedMs);
      if (missing === undefined && !firedMs.has(alert)) {
        firedMs.set(alert, performance.now());
        told.set(alert, states.told(alert));
      }
      // Some end before others begin: each has to be seen once.
      return firedMs.has(alert) || missing === undefined ? [] : [missing];
    });
    return [...silent, ...emptyQueries()];
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
  await repeat(fault, 'cleared', CLEARING_TIMEOUT_MS * PACE, fault.recover, world, async () => {
    const states = await statesOf(world);
    return fault.alerts.flatMap((alert) => {
      if (clearedMs.has(alert) || alert.name in outlasting) return [];
      const left = states.left(alert) ?? notTold(alert, told.get(alert) ?? '', lastOf(world, alert, startedMs));
      if (left === undefined) clearedMs.set(alert, performance.now());
      return left === undefined ? [] : [left];
    });
  });
  const states = await statesOf(world);
  const over = fault.alerts.filter((alert) => alert.name in outlasting && states.left(alert) === undefined);
  if (over.length > 0) throw new Error(`"${fault.name}": ${over.map(({ name }) => name).join(', ')} cleared: take it out of outlasting.`);
  return fault.alerts.map((alert) => {
    const cleared = clearedMs.get(alert);
    return {
      fault: fault.name,
      alert: alert.name,
      told: told.get(alert) ?? '',
      secondsToFire: ((firedMs.get(alert) ?? 0) - startedMs) / 1000,
      secondsToClear: cleared === undefined ? undefined : (cleared - mendedMs) / 1000,
    };
  });
}

const lastOf = ({ pushed }: World, alert: ExpectedAlert, sinceMs: number): Notified | undefined =>
  pushed.webhooks.notified.findLast(({ labels, atMs }) => atMs >= sinceMs && isOf(alert, labels));

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
  let lastError: string | undefined;
  for (;;) {
    acting ??= act?.(world)
      // What it acts on may be down at the moment; if that keeps it from being felt, the message says so.
      .catch((error: unknown) => {
        lastError = String(error);
      })
      .finally(() => {
        acting = undefined;
      });
    const left = await problems();
    if (left.length === 0) break;
    if (performance.now() > deadline) {
      await acting;
      const others = `These fire: ${(await statesOf(world)).firing.join(', ')}.`;
      const acted = lastError === undefined ? [] : [`Acting failed: ${lastError}`];
      const lines = [...left, ...acted, others].map((line) => `\n  ${line}`);
      throw new Error(`"${fault.name}": not every alert has ${done} within ${timeoutMs / 1000} s:${lines.join('')}`);
    }
    await wait(POLL_MS);
  }
  await acting;
}
