import { DiagLogLevel, diag } from '@opentelemetry/api';
import type { DiagLogger } from '@opentelemetry/api';
import { inspect } from 'node:util';
import { withoutControls } from '../../values/controlCharacters.js';
import { stderrDestination } from '../../logging/stderrDestination.js';
import type { Clock } from '../../time/clock.js';

/** Writes one line where a person looks, never to stdout. */
export type ReportLine = (line: string) => void;

/**
 * The only place where this package writes its own messages in a host's process.
 *
 * It does not use `process.stderr`: once the client has closed its end, a write there raises an error that ends the process,
 * even from a worker thread. Writing is attempted at once, so the line is out before whatever ends the process next; a slow
 * reader gets it later. A worker thread writes to the process's stderr, even where `new Worker()` captures the thread's own.
 */
export const reportOnStderr: ReportLine = (line) => {
  const stderr = stderrDestination();
  stderr.write(`handoff-otel: ${line}\n`);
  stderr.flush();
};

const LEVELS: Readonly<Record<string, DiagLogLevel>> = {
  none: DiagLogLevel.NONE,
  error: DiagLogLevel.ERROR,
  warn: DiagLogLevel.WARN,
  info: DiagLogLevel.INFO,
  debug: DiagLogLevel.DEBUG,
  verbose: DiagLogLevel.VERBOSE,
  all: DiagLogLevel.ALL,
};

/** An unreachable collector makes a batch fail every few seconds; one message a minute is enough. */
const REPEAT_AFTER_MS = 60_000;
const MAX_REMEMBERED = 100;
const MAX_ARGUMENT_CHARS = 400;
/** The API's message, once per signal, when an SDK is started while another one is registered. */
const REFUSED = /Attempted duplicate registration of API: (?:trace|metrics|logs|context|propagation)/;
const REFUSED_LINE =
  'error: another OpenTelemetry SDK was started after this one and was refused: all spans, metrics and logs still come here, and nothing goes to it. Start only one of the two, or start that one first.';

/**
 * Sends OpenTelemetry's own messages to `report`. Its default logger writes to stdout, which breaks JSON-RPC.
 *
 * @param level OTEL_LOG_LEVEL; `error` when unset or unknown. At `error` and `warn` the same message is shown at most once a
 * minute.
 */
export function installDiagnostics(level: string | undefined, report: ReportLine, clock: Clock): void {
  const logLevel = LEVELS[level?.toLowerCase() ?? 'error'] ?? DiagLogLevel.ERROR;
  diag.setLogger(createDiagnostics(report, clock), { logLevel, suppressOverrideMessage: true });
}

function createDiagnostics(report: ReportLine, clock: Clock): DiagLogger {
  const lastShownMs = new Map<string, number>();
  const show =
    (level: string) =>
    (message: string, ...details: unknown[]): void => {
      // Some quote what a receiver answered.
      report(withoutControls([`${level}:`, message, ...details.map(shortened)].join(' ')));
    };
  const showOnce = (level: string) => {
    const write = show(level);
    return (text: string, ...details: unknown[]): void => {
      const isRefused = REFUSED.test(text);
      const message = isRefused ? REFUSED_LINE : text;
      const nowMs = clock.monotonicMs();
      const shownMs = lastShownMs.get(message);
      if (shownMs !== undefined && nowMs - shownMs < REPEAT_AFTER_MS) return;
      if (lastShownMs.size >= MAX_REMEMBERED) lastShownMs.clear();
      lastShownMs.set(message, nowMs);
      if (isRefused) report(REFUSED_LINE);
      else write(message, ...details);
    };
  };
  return { error: showOnce('error'), warn: showOnce('warn'), info: show('info'), debug: show('debug'), verbose: show('verbose') };
}

function shortened(detail: unknown): string {
  const text = typeof detail === 'string' ? detail : inspect(detail, { depth: 1, breakLength: Infinity });
  return text.length > MAX_ARGUMENT_CHARS ? `${text.slice(0, MAX_ARGUMENT_CHARS)}…` : text;
}
