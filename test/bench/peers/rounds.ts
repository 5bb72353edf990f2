import type { Lab } from '../lab.js';
import type { CpuPerCall, MeasuredRound } from '../measure.js';
import { HttpSubject } from '../overload/httpSubject.js';
import { registerSessions } from '../overload/rounds.js';
import { cpuTimeMs } from '../processCpu.js';
import { startReceiver } from './receiver.js';
import type { Receiver } from './receiver.js';
import { OURS, preloadOf } from './subjects.js';
import type { Subject } from './subjects.js';
import type { Received } from './tally.js';

/** What was measured of one way to run the server; the n-th rounds of all were measured one after another. */
export interface Measured {
  readonly subject: Subject;
  readonly rounds: readonly MeasuredRound[];
  /** Calls from its start on, which is what `received` is about. */
  readonly calls: number;
  /** `undefined` when nothing came. */
  readonly received: Received | undefined;
}

/** Each has one call open at a time, and a session of its own. */
export const CALLERS = 32;
/** Until the server's code has been compiled. */
const WARM_UP_MS = 6000;
const PATIENCE_MS = 60_000;
/** The span of a call, by the conventions for MCP. */
const CALL_SPAN = 'tools/call update_context';

/** Every call is to be answered, on a slow machine as well; and scheduled jobs have telemetry of their own. */
const STEADY = {
  HANDOFF_ADAPTIVE_CONCURRENCY: 'false',
  HANDOFF_CALL_WAIT_TIMEOUT_MS: String(PATIENCE_MS),
  HANDOFF_JOBS_ENABLED: 'false',
};

interface Running {
  readonly subject: Subject;
  readonly server: HttpSubject;
  readonly rounds: MeasuredRound[];
  calls: number;
}

/** Runs all `subjects` on one database, in turns. */
export async function measurePeers(lab: Lab, subjects: readonly Subject[]): Promise<readonly Measured[]> {
  await using stack = new AsyncDisposableStack();
  const database = await lab.emptyDatabase();
  stack.defer(() => database.drop());
  const receiver = await startReceiver();
  stack.defer(() => receiver.close());
  const running: Running[] = [];
  for (const subject of subjects) {
    lab.progress(`starting ${subject.name}`);
    const env = { ...STEADY, DATABASE_URL: database.url, ...subject.env({ host: `127.0.0.1:${receiver.port}`, path: subject.name }) };
    const server = await HttpSubject.start(process.cwd(), env, preloadOf(subject));
    stack.defer(() => server.end());
    // The sessions belong to all: whoever is first registers them.
    if (running.length === 0) await registerSessions(server, CALLERS);
    const one: Running = { subject, server, rounds: [], calls: 0 };
    running.push(one);
    await measure(lab, receiver, one, WARM_UP_MS);
  }
  for (let round = 0; round < lab.rounds; round += 1) {
    lab.progress(`round ${round + 1} of ${lab.rounds}`);
    for (const one of turnsOf(running, round)) one.rounds.push(await measure(lab, receiver, one, lab.roundMs));
  }
  await Promise.all(running.map(({ server }) => server.end()));
  const received = await receiver.received();
  const measured = running.map(({ subject, rounds, calls }) => ({ subject, rounds, calls, received: received[subject.name] }));
  for (const { subject, calls, received: got } of measured) requireTelemetry(subject, calls, got);
  return measured;
}

/** Who begins moves on from round to round, and every other round goes the other way: what drifts on the machine hits all alike. */
export function turnsOf<T>(all: readonly T[], round: number): readonly T[] {
  const order = round % 2 === 0 ? all : all.toReversed();
  const first = order.indexOf(all[round % Math.max(1, all.length)] as T);
  return [...order.slice(first), ...order.slice(0, first)];
}

async function measure(lab: Lab, receiver: Receiver, one: Running, durationMs: number): Promise<MeasuredRound> {
  const { subject, server } = one;
  const cpuMs = (): number[] => [
    cpuTimeMs(server.pid) ?? Number.NaN,
    cpuTimeMs(lab.postgres.pid, { children: true }) ?? Number.NaN,
    cpuTimeMs(receiver.pid) ?? Number.NaN,
  ];
  const before = cpuMs();
  const load = { sessions: CALLERS, callsPerSecond: 0, connections: CALLERS, durationMs, warmUpMs: 0, patienceMs: PATIENCE_MS };
  const { outcomes, doneMs, seconds, cpuMs: driverMs } = await server.load(load);
  const after = cpuMs();
  const { done, ...others } = outcomes;
  if (done === 0 || Object.values(others).some((count) => count > 0))
    throw new Error(`${subject.name}: not all calls were done: ${JSON.stringify(outcomes)}`);
  one.calls += done;
  const us = (ms: number): number => (ms * 1000) / done;
  const [serverUs = Number.NaN, postgresUs = Number.NaN, receiverUs = Number.NaN] = after.map((ms, at) =>
    us(ms - (before[at] ?? Number.NaN)),
  );
  const cpuUs: CpuPerCall = { server: serverUs, postgres: postgresUs, receiver: receiverUs, driver: us(driverMs) };
  return {
    calls: done,
    callsPerSecond: done / seconds,
    latenciesMs: Float64Array.from(doneMs),
    cpuUs: Number.isNaN(serverUs) ? undefined : cpuUs,
  };
}

/** A peer that is not set up costs nothing: its figures must not come to a page. Ours has to have sent every call. */
function requireTelemetry({ name, env }: Subject, calls: number, received: Received | undefined): void {
  if ('OTEL_SDK_DISABLED' in env({ host: '', path: '' })) return;
  const spans = Object.values(received?.spansByName ?? {}).reduce((sum, count) => sum + count, 0);
  if (spans === 0) throw new Error(`${name} sent no span: it is not set up`);
  const told = received?.spansByName[CALL_SPAN] ?? 0;
  if (name === OURS && told !== calls) throw new Error(`ours sent ${told} spans for ${calls} calls`);
}
