import { setTimeout as wait } from 'node:timers/promises';
import type { HealthComponent } from '../../../src/telemetry/catalogue/health.js';
import type { HealthSample, PartHealth } from '../evidence.js';

const POLL_MS = 200;
/** `/health` promises an answer within a second. */
const ANSWER_MS = 2000;

/** What is asked for its health. */
export interface Watched {
  readonly name: string;
  readonly healthUrl: () => string;
}

interface Answer {
  readonly checks: Readonly<Partial<Record<HealthComponent, readonly [PartHealth]>>>;
}

/** Asks a server for its health over and over until `stopped`, and notes each answer. */
export async function watchHealth(
  { name, healthUrl }: Watched,
  samples: HealthSample[],
  now: () => number,
  stopped: AbortSignal,
): Promise<void> {
  while (!stopped.aborted) {
    const parts = await ask(healthUrl()).catch(() => undefined);
    samples.push({ replica: name, atMs: now(), ...(parts === undefined ? {} : { parts }) });
    await wait(POLL_MS);
  }
}

async function ask(url: string): Promise<NonNullable<HealthSample['parts']>> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
  const { checks } = (await response.json()) as Answer;
  return Object.fromEntries(
    Object.entries(checks).map(([part, [{ state, reason }]]) => [part, { state, ...(reason === undefined ? {} : { reason }) }]),
  );
}
