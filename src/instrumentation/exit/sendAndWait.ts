import { Worker } from 'node:worker_threads';
import { SENDER_SOURCE } from './senderSource.js';
import type { LastRequest } from '../pipeline/otlp/lastRequest.js';

/** As many requests at once as the exporter has in flight. */
const PARALLEL = 4;
const PAUSE_MS = 200;

/**
 * Sends requests while this thread stands still, at most `timeoutMs`. For `exit` listeners, after which the event loop
 * never runs again. Answers how many were accepted.
 *
 * A thread, not a child process: it takes as long (about 40 ms), but needs no `process.execPath` that is Node (Electron,
 * single executables), inherits no NODE_OPTIONS, and hands headers and payload over in memory.
 *
 * @throws when no thread may be started, for instance under `--permission` without `--allow-worker`
 */
export function sendAndWait(requests: readonly LastRequest[], timeoutMs: number): number {
  const outcome = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  const state = new Int32Array(outcome);
  const worker = new Worker(SENDER_SOURCE, {
    eval: true,
    name: 'handoff-otel last telemetry',
    workerData: { requests, outcome, timeoutMs, parallel: PARALLEL, pauseMs: PAUSE_MS },
    env: tlsEnvironment(),
    execArgv: [],
    // Its output must not appear between the lines of a process that ends.
    stdout: true,
    stderr: true,
  });
  // Nobody would hear it, but without a listener it would end the process in another way.
  worker.on('error', () => undefined);
  worker.unref();
  Atomics.wait(state, 0, 0, timeoutMs);
  return Atomics.load(state, 1);
}

/** The one variable that Node reads while it connects. */
function tlsEnvironment(): Record<string, string> {
  const { NODE_TLS_REJECT_UNAUTHORIZED: value } = process.env;
  return value === undefined ? {} : { NODE_TLS_REJECT_UNAUTHORIZED: value };
}
