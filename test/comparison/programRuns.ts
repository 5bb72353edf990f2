import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface ProgramRun {
  readonly program: string;
  /** Spans of `tools/call` that its servers made, and its client. */
  readonly received: number;
  readonly sent: number;
  /** Whether its handler ran in the trace named in `_meta`. */
  readonly propagated: boolean;
  /** Lines of its stdout that are not JSON-RPC. */
  readonly strayLines: number;
}

const PROGRAMS = { 'v1 ES module': 'v1.mjs', 'v1 CommonJS': 'v1.cjs', 'v2 ES module': 'v2.mjs', 'v2 CommonJS': 'v2.cjs' };
const FOLDER = join(import.meta.dirname, 'programs');
const RESOLVE_SOURCE = new URL('../../tools/resolveSource.mjs', import.meta.url).href;
const PRELOAD = new URL('programs/preload.ts', import.meta.url).href;
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PATIENCE_MS = 30_000;

const CONVERSATION = [
  {
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'by-hand', version: '1' } },
  },
  { method: 'notifications/initialized' },
  { id: 1, method: 'tools/call', params: { name: 'probe', arguments: {}, _meta: { traceparent: `00-${TRACE}-b7ad6b7169203331-01` } } },
];

/** Runs each program under the package's set-up, two at a time, and calls its tool once over its stdio. */
export async function runPrograms(packageName: string): Promise<readonly ProgramRun[]> {
  const entries = Object.entries(PROGRAMS);
  const done: ProgramRun[] = [];
  for (let first = 0; first < entries.length; first += 2) {
    done.push(...(await Promise.all(entries.slice(first, first + 2).map(([program, file]) => runProgram(packageName, program, file)))));
  }
  return done;
}

async function runProgram(packageName: string, program: string, file: string): Promise<ProgramRun> {
  const child = fork(join(FOLDER, file), [], {
    execArgv: ['--import', RESOLVE_SOURCE, '--import', PRELOAD],
    env: { ...cleanEnv(), COMPARISON_PACKAGE: packageName },
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  let written = '';
  let errors = '';
  const exited = once(child, 'exit');
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  const answered = new Promise<void>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      written += chunk;
      if (answersOf(written).includes(1)) resolve();
    });
    void exited.then(() => {
      reject(new Error(`${file} under ${packageName} ended without an answer:\n${errors}`));
    });
  });
  for (const message of CONVERSATION) child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  await answered;
  const reported = once(child, 'message');
  child.send('report');
  const [{ sent, received, traceId }] = (await reported) as [{ sent: number; received: number; traceId: string }];
  await exited;
  return {
    program,
    sent,
    received,
    propagated: traceId === TRACE,
    strayLines: written.split('\n').filter((line) => line !== '' && idOf(line) === undefined).length,
  };
}

function answersOf(written: string): readonly unknown[] {
  return written.split('\n').map(idOf);
}

/** The id of a JSON-RPC answer, `null` of another JSON-RPC message; undefined of anything else. */
function idOf(line: string): unknown {
  try {
    const message = JSON.parse(line) as { jsonrpc?: string; id?: unknown };
    return message.jsonrpc === '2.0' ? (message.id ?? null) : undefined;
  } catch {
    return undefined;
  }
}

/** Without what the caller set for telemetry: each set-up says what it means. */
export function cleanEnv(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(OTEL_|SENTRY_|HANDOFF_|NODE_OPTIONS$|VITEST)/u.test(name)));
}
