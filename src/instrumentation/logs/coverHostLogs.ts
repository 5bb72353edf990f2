import type { Attributes, Logger } from '@opentelemetry/api';
import { guardConsole } from './console/consoleGuard.js';
import { subscribePino } from './pino/pinoChannel.js';
import type { PinoSubscription } from './pino/pinoChannel.js';
import { outputOf } from './pino/pinoStreams.js';
import type { PinoInstance } from './pino/pinoInternals.js';
import { errorMessage } from '../../errors/classify.js';
import type { ReportLine } from '../diagnostics/diagnostics.js';
import type { TelemetrySettings } from '../settings/resolve.js';

export interface HostLogsOptions {
  readonly settings: TelemetrySettings;
  /** Another SDK takes the records, whatever our exporters are set to. */
  readonly joins: boolean;
  readonly logger: Logger;
  /** Further attributes for a record of the host. */
  readonly attributes: () => Attributes | undefined;
  readonly report: ReportLine;
  /** The global console. Default: the process's. */
  readonly console?: Console;
}

export interface HostLogs {
  /** Absent when pino is to be left alone. */
  readonly pino: PinoSubscription | undefined;
  /** Returns what has been found out about the host's loggers so far, one sentence each. */
  notices(): readonly string[];
  release(): void;
}

/** Collects what the host itself logs: through pino, and through its console when that is guarded. */
export function coverHostLogs({ settings, joins, logger, attributes, report, console: guarded = console }: HostLogsOptions): HostLogs {
  const notices = new Set<string>();
  const notify = (notice: string): void => {
    if (notices.has(notice)) return;
    notices.add(notice);
    report(notice);
  };
  const exports = joins || settings.logs.otlp || settings.logs.console;
  const takes = (instance: PinoInstance): boolean => {
    const { shippedBy, toStdout } = outputOf(instance);
    if (toStdout && settings.stdio) notify('a pino logger writes to stdout, which is reserved for JSON-RPC: give it pino.destination(2).');
    if (shippedBy === undefined) return true;
    if (exports) notify(`${shippedBy} already sends the lines of a pino logger; they get trace fields, but are not sent twice.`);
    return false;
  };
  const pino = settings.libraries.pino ? subscribePino({ ...(exports ? { logger, attributes } : {}), takes }) : undefined;
  const restoreConsole = settings.consoleToStderr
    ? guardSafely({ guarded, ...(exports ? { logger } : {}), attributes, notify })
    : undefined;
  return {
    pino,
    notices: () => [...notices],
    release: () => {
      restoreConsole?.();
      pino?.disable();
    },
  };
}

interface GuardParts {
  readonly guarded: Console;
  readonly logger?: Logger;
  readonly attributes: () => Attributes | undefined;
  readonly notify: (notice: string) => void;
}

function guardSafely({ guarded, logger, attributes, notify }: GuardParts): (() => void) | undefined {
  try {
    return guardConsole({ console: guarded, stderr: process.stderr, ...(logger === undefined ? {} : { logger }), attributes });
  } catch (error) {
    notify(`the console could not be redirected and still writes to stdout: ${errorMessage(error)}.`);
    return undefined;
  }
}
