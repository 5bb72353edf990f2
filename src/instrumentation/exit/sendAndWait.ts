import { Worker } from 'node:worker_threads';
import { SENDER_SOURCE } from './senderSource.js';
import type { LastRequest } from '../pipeline/otlp/lastRequest.js';

/** As many parallel requests as the exporter has in flight. */
const PARALLEL = 4;
const PAUSE_MS = 200;

/**
 * Sends requests while blocking this thread, for at most `timeoutMs`. Meant for `exit` listeners, after which the event loop
 * never runs again. Returns how many were accepted.
 *
 * It uses a thread, not a child process: a thread takes as long (about 40 ms), but does not need `process.execPath` to be Node
 * (Electron, single executables), inherits no NODE_OPTIONS, and receives headers and payload in memory.
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
    // Its output must not appear between the lines of an ending process.
    stdout: true,
    stderr: true,
  });
  // Nothing handles the error, but without a listener it would change how the process ends.
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
