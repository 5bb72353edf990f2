import { basename, parse } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a program may keep of its own OpenTelemetry settings: what it is called, and how it joins traces. */
const KEPT: ReadonlySet<string> = new Set(['OTEL_SERVICE_NAME', 'OTEL_RESOURCE_ATTRIBUTES', 'OTEL_PROPAGATORS', 'OTEL_LOG_LEVEL']);

/** Spans of one call end within a few milliseconds of one another; a person should not wait a second for them. */
const SPAN_DELAY_MS = 100;

export interface WatchedProgram {
  /** The command, then its arguments. */
  readonly words: readonly [string, ...string[]];
  /** Address of the module that instruments the program: `handoff-otel/register`. */
  readonly register: string;
  /** Base URL of the receiver. */
  readonly endpoint: string;
}

/**
 * The environment of a watched program: the caller's, but with `handoff-otel/register` loaded first and every span sent to
 * `endpoint`. Metrics and logs stay off: nobody would see them, and the port of the metrics endpoint may be in use.
 */
export function programEnv(env: Environment, { words, register, endpoint }: WatchedProgram): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('OTEL_') || KEPT.has(name));
  return {
    // A program that ends by process.exit() would lose the spans of its last moments.
    HANDOFF_FLUSH_ON_PROCESS_EXIT: 'true',
    OTEL_SERVICE_NAME: nameOf(words),
    ...Object.fromEntries(kept),
    NODE_OPTIONS: [env['NODE_OPTIONS'], `--import=${register}`].filter(Boolean).join(' '),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_BSP_SCHEDULE_DELAY: String(SPAN_DELAY_MS),
  };
}

/** `server` for `node server.js`: the program's own file or package says more than the command that runs it. */
function nameOf([command, ...args]: readonly [string, ...string[]]): string {
  const own = args.find((word) => !word.startsWith('-')) ?? command;
  return parse(basename(own)).name;
}
