import { setTimeout as wait } from 'node:timers/promises';
import type { Notified } from '../standIns/webhooks.js';
import type { ExpectedAlert, Fault, World } from './fault.js';

const POLL_MS = 250;
/** No alert takes longer, once its times are divided. */
const FIRING_TIMEOUT_MS = 60_000;
const CLEARING_TIMEOUT_MS = 90_000;

/** What became of one alert of a fault. */
export interface AlertRun {
  readonly fault: string;
  readonly alert: string;
  readonly severity: string;
  readonly receiver: string;
  readonly secondsToFire: number;
  readonly secondsToClear: number;
}

/** Which receiver has to get an alert of a severity, by the name of the file that holds its address. */
export type Routing = (labels: Readonly<Record<string, string>>) => string;

/**
 * Causes a fault, waits until each of its alerts has reached its receiver and fires in both Prometheus, mends it, and waits until the
 * receiver was told that each has cleared.
 *
 * @throws Error that names the alerts that did not fire, or did not clear.
 */
export async function runFault(fault: Fault, world: World, routing: Routing): Promise<AlertRun[]> {
  const startedMs = performance.now();
  await fault.begin?.(world);
  const fired = await until(fault, 'fire', FIRING_TIMEOUT_MS, () => fault.go?.(world), async () => {
    const missing = fault.alerts.filter((alert) => last(world, alert, startedMs)?.status !== 'firing');
    return [...missing.map(({ name }) => `${name} was not notified`), ...(missing.length > 0 ? [] : await notInBoth(fault, world))];
  }, () => fault.alerts.map((alert) => last(world, alert, startedMs)));
  const mendedMs = performance.now();
  await fault.end?.(world);
  const cleared = await until(fault, 'clear', CLEARING_TIMEOUT_MS, () => fault.recover?.(world), () => {
    const left = fault.alerts.filter((alert) => last(world, alert, startedMs)?.status !== 'resolved');
    return Promise.resolve(left.map(({ name }) => `${name} did not resolve`));
  }, () => fault.alerts.map((alert) => last(world, alert, startedMs)));
  return fault.alerts.map(({ name }, index) => {
    const [start, end] = [fired[index], cleared[index]];
    if (start === undefined || end === undefined) throw new Error(`${name} was notified by nobody.`);
    const expected = routing(start.labels);
    if (start.receiver !== expected) throw new Error(`${name} was sent to ${start.receiver} instead of ${expected}.`);
    return {
      fault: fault.name,
      alert: name,
      severity: start.labels['severity'] ?? '',
      receiver: start.receiver,
      secondsToFire: (start.atMs - startedMs) / 1000,
      secondsToClear: (end.atMs - mendedMs) / 1000,
    };
  });
}

/** Repeats `act` until `problems` finds none; `result` is asked at that moment. */
async function until<T>(
  fault: Fault,
  what: string,
  timeoutMs: number,
  act: () => Promise<void> | undefined,
  problems: () => Promise<string[]>,
  result: () => T,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    await act();
    const left = await problems();
    if (left.length === 0) return result();
    if (performance.now() > deadline) {
      throw new Error(`"${fault.name}": after ${timeoutMs / 1000} s, not all alerts did ${what}: ${left.join(', ')}`);
    }
    await wait(POLL_MS);
  }
}

function last({ webhooks }: World, alert: ExpectedAlert, sinceMs: number): Notified | undefined {
  return webhooks.notified.findLast(({ labels, atMs }) => atMs >= sinceMs && isOf(alert, labels));
}

async function notInBoth({ alerts }: Fault, { apis }: World): Promise<string[]> {
  const found = await Promise.all(
    apis.map(async (api) => {
      const firing = (await api.alerts()).filter(({ state }) => state === 'firing');
      return alerts.filter((alert) => !firing.some(({ labels }) => isOf(alert, labels))).map(({ name }) => `${name} does not fire in ${api.name}`);
    }),
  );
  return found.flat();
}

function isOf({ name, labels = {} }: ExpectedAlert, found: Readonly<Record<string, string>>): boolean {
  return found['alertname'] === name && Object.entries(labels).every(([key, value]) => found[key] === value);
}
