import { basename, parse } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The OpenTelemetry settings a program keeps: its name, and how it joins traces. */
const KEPT: ReadonlySet<string> = new Set(['OTEL_SERVICE_NAME', 'OTEL_RESOURCE_ATTRIBUTES', 'OTEL_PROPAGATORS', 'OTEL_LOG_LEVEL']);

/** Spans of one call end within a few milliseconds of one another; the user should not have to wait a second for them. */
const SPAN_DELAY_MS = 100;

export interface WatchedProgram {
  /** The command, then its arguments. */
  readonly words: readonly [string, ...string[]];
  /** URL of the module that instruments the program: `handoff-otel/register`. */
  readonly register: string;
  /** Base URL of the receiver. */
  readonly endpoint: string;
}

/**
 * Returns the environment of a watched program: the caller's, but with `handoff-otel/register` loaded first and every span sent to
 * `endpoint`. Metrics and logs stay off: nobody would see them, and the port of the metrics endpoint may be in use.
 */
export function programEnv(env: Environment, { words, register, endpoint }: WatchedProgram): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('OTEL_') || KEPT.has(name));
  return {
    // Otherwise a program that calls process.exit() would lose its last spans.
    HANDOFF_FLUSH_ON_PROCESS_EXIT: 'true',
    OTEL_SERVICE_NAME: nameOf(words),
    ...Object.fromEntries(kept),
    NODE_OPTIONS: [env['NODE_OPTIONS'], `--import=${register}`].filter(Boolean).join(' '),
    // Bun splits this at spaces and finds no file whose URL has them escaped: such a program runs as it would without us.
    ...(register.includes('%') ? {} : { BUN_OPTIONS: [env['BUN_OPTIONS'], `--preload=${register}`].filter(Boolean).join(' ') }),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_BSP_SCHEDULE_DELAY: String(SPAN_DELAY_MS),
  };
}

/** Words that run what the next one names: `bun run server.ts`, `npm run start`, `npx tsx watch server.ts`. */
const RUNNERS: ReadonlySet<string> = new Set(['run', 'tsx', 'watch', 'nodemon']);

/** `server` for `node server.js`: the program's file or package says more than the command that runs it. */
function nameOf([command, ...args]: readonly [string, ...string[]]): string {
  const own = args.filter((word) => !word.startsWith('-'));
  while (own.length > 1 && RUNNERS.has(own[0] ?? '')) own.shift();
  const [name = command] = own;
  // `npx server@latest`, `npx @scope/server@1.2.0`
  return parse(basename(name).replace(/(?<=.)@.*$/, '')).name;
}
