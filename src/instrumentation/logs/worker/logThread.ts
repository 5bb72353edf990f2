import type { MessagePort, WorkerOptions } from 'node:worker_threads';

/** What the thread finds in `workerData`; the transport itself looks at the member of that name inside. */
export interface LogThreadData {
  readonly port: MessagePort;
  /** Main file of pino-opentelemetry-transport. */
  readonly transportFile: string;
  /** Answered chunks, for a main thread that waits with its event loop stopped; then 1 once the transport runs. */
  readonly progress: Int32Array;
  readonly workerData: { readonly pinoWillSendConfig: true };
}

/** The first message to the thread: options of pino-opentelemetry-transport. */
export type LogThreadStart = Readonly<Record<string, unknown>>;

/** Level number as it stands in lines, severity number and severity text of OpenTelemetry. */
export type LevelEntry = readonly [level: number, severityNumber: number, severityText: string];

/** Every further message. */
export interface LogChunk {
  readonly id: number;
  /** JSON, one line each, at most as many as the transport sends in one request. */
  readonly lines: readonly string[];
  /** Levels that no earlier chunk used. */
  readonly levels: readonly LevelEntry[];
}

/** To the main thread, once per chunk: sent and answered, or given up on. */
export interface LogChunkAnswer {
  readonly id: number;
  /** Why it was not delivered. */
  readonly problem?: string;
}

/** What this file uses of packages it loads at run time, in the copies the transport has. */
interface TransportStream {
  readonly levels: { readonly labels: Record<number, string> };
  readonly writableLength: number;
  readonly readableLength: number;
  write(text: string): unknown;
}
type StartTransport = (options: object) => Promise<TransportStream>;
interface Api {
  readonly DiagLogLevel: { readonly ERROR: number };
  readonly diag: { setLogger(logger: object, options: object): unknown };
}
interface LogsApi {
  readonly logs: { getLoggerProvider(): { forceFlush(): Promise<void> } };
}

/**
 * The program of the log thread: feeds lines to pino-opentelemetry-transport, has it send them, and says what became of
 * them. Whatever fails on the way, other than an export, ends the thread; the main thread goes on without it.
 *
 * It is started from its own source text (see `logThreadOptions`), so it may use nothing but its parameter and globals.
 */
async function runLogThread(builtin: (name: string) => unknown): Promise<void> {
  const { workerData } = builtin('node:worker_threads') as { readonly workerData: LogThreadData };
  const { createRequire } = builtin('node:module') as { readonly createRequire: (file: string) => (name: string) => unknown };
  const { port, transportFile, progress } = workerData;
  const load = createRequire(transportFile);

  const begin = async (options: LogThreadStart): Promise<(chunk: LogChunk) => Promise<void>> => {
    const { diag, DiagLogLevel } = load('@opentelemetry/api') as Api;
    let problem: string | undefined;
    const note = (text: unknown): void => {
      problem = String(text).slice(0, 400);
    };
    const ignore = (): void => {};
    // The batch processor tells nobody but this logger that an export failed.
    diag.setLogger(
      { error: note, warn: ignore, info: ignore, debug: ignore, verbose: ignore },
      { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true },
    );
    const severityNumberMap: Record<number, number> = {};
    const stream = await (load(transportFile) as StartTransport)({ ...options, severityNumberMap });
    const provider = (load('@opentelemetry/api-logs') as LogsApi).logs.getLoggerProvider();
    Atomics.store(progress, 1, 1);
    const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
    return async ({ id, lines, levels }) => {
      for (const [level, severityNumber, severityText] of levels) {
        severityNumberMap[level] = severityNumber;
        stream.levels.labels[level] = severityText;
      }
      problem = undefined;
      stream.write(`${lines.join('\n')}\n`);
      while (stream.writableLength > 0 || stream.readableLength > 0) await turn();
      await turn();
      await provider.forceFlush();
      port.postMessage({ id, ...(problem === undefined ? {} : { problem }) } satisfies LogChunkAnswer);
      Atomics.add(progress, 0, 1);
      Atomics.notify(progress, 0);
    };
  };

  let working: Promise<(chunk: LogChunk) => Promise<void>> | undefined;
  port.on('message', (message: LogThreadStart | LogChunk) => {
    const before = working;
    working =
      before === undefined
        ? begin(message as LogThreadStart)
        : before.then(async (send) => {
            await send(message as LogChunk);
            return send;
          });
  });
}

/**
 * What anything in there prints goes to stderr, past the streams of the main thread: those raise an error, which ends the
 * process, once nobody reads them.
 */
const PRINT_SAFELY = `
const { writeSync } = require('node:fs');
process.stdout.write = process.stderr.write = (text, ...rest) => {
  try {
    writeSync(2, text);
  } catch {}
  const done = rest.at(-1);
  if (typeof done === 'function') process.nextTick(done);
  return true;
};`;

/**
 * Source and options of the thread.
 *
 * By text, because there is no file to name in a bundle, and the sources of this package run as they are in its tests.
 * Flags and NODE_OPTIONS stay out: a `--import handoff-otel/register` would start an instrumentation in there as well.
 */
export function logThreadOptions(env: Readonly<Record<string, string | undefined>>): {
  readonly source: string;
  readonly options: WorkerOptions;
} {
  const { NODE_OPTIONS: _flags, ...rest } = env;
  return {
    // esbuild and rolldown mark functions with `__name` when asked to keep names.
    source: `${PRINT_SAFELY} const __name = (named) => named; (${runLogThread.toString()})(require);`,
    options: {
      eval: true,
      name: 'handoff-otel logs',
      execArgv: [],
      // The resource comes from us, whole; the detectors of the transport would add the command line and an id of their own.
      env: { ...rest, OTEL_NODE_RESOURCE_DETECTORS: 'none' },
      // And never comes out of this process's stdout. Not read here: a listener would keep the process alive.
      stdout: true,
    },
  };
}
