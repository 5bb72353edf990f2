import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FaultAgent } from './agents/agent.js';
import type { AlertSample, Evidence, HealthSample } from './evidence.js';
import { assess } from './judge/assess.js';
import { startReplica, type Replica } from './lab/replica.js';
import type { FaultRow, Scene } from './row.js';
import { watchAlerts } from './watch/alertWatch.js';
import { watchHealth } from './watch/healthWatch.js';
import { scrape } from './watch/prometheus.js';

/** What all rows have in common. */
export interface Bench {
  readonly logFolder: string;
  readonly ruleFiles: readonly string[];
}

const AGENTS = 4;
/** The load before the fault: rates and increases need something to compare with. */
const STEADY_MS = 4000;
const HEALTHY_WITHIN_MS = 60_000;
/** How long the fault goes on for health and alerts to tell of it. */
const TOLD_WITHIN_MS = 45_000;
/** How long everything may take to be as before, once it is mended. */
const WHOLE_WITHIN_MS = 90_000;
/** Everything is left alone for this long in the end, so that what comes late is seen. */
const REST_MS = 3000;
const POLL_MS = 250;

const now = (): number => performance.now();

/** Makes one fault and mends it while agents work; returns what was seen. */
export async function runRow(row: FaultRow, bench: Bench): Promise<Evidence> {
  await using cleanUp = new AsyncDisposableStack();
  const logFolder = join(bench.logFolder, row.name);
  mkdirSync(logFolder, { recursive: true });
  const scene = await row.open({ logFolder }, cleanUp);
  const replicas: Replica[] = [];
  // One after the other: the first one migrates.
  for (let number = 1; number <= scene.replicas; number += 1)
    replicas.push(cleanUp.use(await startReplica(`replica-${number}`, scene.env, logFolder)));
  const targets = replicas.map((replica) => new URL(replica.url('admin')).host);
  const api = await scrape(targets, bench.ruleFiles, logFolder, cleanUp);

  const stop = new AbortController();
  const rest = new AbortController();
  const health: HealthSample[] = [];
  const alerts: AlertSample[] = [];
  const agents = Array.from({ length: AGENTS }, (_, index) => agentOf(replicas, index));
  const working = Promise.all(agents.map((agent) => agent.run(rest.signal)));
  const watching = Promise.all([
    watchAlerts(api, alerts, now, stop.signal),
    ...replicas.map((replica, index) =>
      watchHealth({ name: `replica-${index + 1}`, healthUrl: () => `${replica.url('admin')}/health` }, health, now, stop.signal),
    ),
  ]);
  const calls = () => agents.flatMap((agent) => agent.calls).toSorted((a, b) => a.endMs - b.endMs);
  const seen = (times: Times): Evidence => ({
    ...times,
    endedMs: now(),
    calls: calls(),
    stored: [],
    health,
    alerts,
    endedReplicas: replicas.flatMap(({ hasEnded }, index) => (hasEnded ? [`replica-${index + 1}`] : [])),
  });
  try {
    const times = await breakAndMend(row, scene, replicas, seen);
    const endedMs = now();
    rest.abort();
    await working;
    return { ...seen(times), endedMs, stored: await scene.stored() };
  } finally {
    rest.abort();
    stop.abort();
    await Promise.all([working, watching]);
  }
}

function agentOf(replicas: readonly Replica[], index: number): FaultAgent {
  const replica = replicas[index % replicas.length];
  if (replica === undefined) throw new RangeError('A row needs a server.');
  return new FaultAgent(`agent-${index + 1}`, () => `${replica.url('mcp')}/mcp`, now);
}

type Times = Pick<Evidence, 'startedMs' | 'injectedMs' | 'mendedMs'>;
type See = (times: Times) => Evidence;

async function breakAndMend(row: FaultRow, scene: Scene, replicas: readonly Replica[], see: See): Promise<Times> {
  const victims = replicas.map((replica, index) => ({
    name: `replica-${index + 1}`,
    pid: replica.pid,
    start: () => replica.start(),
    stop: (signal?: NodeJS.Signals) => replica.stop(signal),
    signal: (signal: NodeJS.Signals) => replica.signal(signal),
  }));
  let startedMs = now();
  const assessed = (times: Partial<Evidence> = {}) =>
    assess(row.expects, see({ startedMs, injectedMs: Infinity, mendedMs: Infinity, ...times }));
  await until(HEALTHY_WITHIN_MS, 'the servers were not healthy before the fault', () => assessed().isWholeNow);
  startedMs = now();
  await wait(STEADY_MS);

  await scene.prepare?.();
  const injectedMs = now();
  await scene.inject(victims);
  await wait(row.holdMs);
  await eventually(TOLD_WITHIN_MS, () => assessed({ injectedMs }).isTold);
  await scene.mend(victims);
  const mendedMs = now();
  await eventually(WHOLE_WITHIN_MS, () => assessed({ injectedMs, mendedMs }).isWholeNow);
  await wait(REST_MS);
  return { startedMs, injectedMs, mendedMs };
}

async function eventually(timeoutMs: number, holds: () => boolean): Promise<boolean> {
  const deadline = now() + timeoutMs;
  while (!holds()) {
    if (now() > deadline) return false;
    await wait(POLL_MS);
  }
  return true;
}

async function until(timeoutMs: number, problem: string, holds: () => boolean): Promise<void> {
  if (!(await eventually(timeoutMs, holds))) throw new Error(`${problem} within ${timeoutMs / 1000} s`);
}
