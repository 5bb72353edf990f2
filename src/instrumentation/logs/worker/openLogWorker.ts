import type { Logger } from '@opentelemetry/api';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ourRequire } from '../../loading/ourRequire.js';
import { LogWorker } from './logWorker.js';
import type { LogWorkerOptions } from './logWorker.js';

const TRANSPORT = 'pino-opentelemetry-transport';

export interface OpenLogWorkerOptions extends Omit<LogWorkerOptions, 'transportFile' | 'fallback'> {
  /** Of this process's own SDK: for records that cannot leave by the thread. */
  readonly logger: Logger;
  /** Resolves a package as the host sees it; throws when it is not installed. Default: from this package, then from the working folder. */
  readonly resolve?: (packageName: string) => string;
}

/**
 * What takes pino's records when `logTransport` is `worker`; `undefined` when they leave in process, by choice or because
 * the thread cannot be had, which is reported. The thread itself starts with the first record.
 */
export function openLogWorker({ logger, resolve = resolveAsHost, ...options }: OpenLogWorkerOptions): LogWorker | undefined {
  const { settings, report } = options;
  const { otlp, console: print } = settings.logs;
  if (settings.logTransport !== 'worker' || !settings.libraries.pino || !(otlp || print)) return undefined;
  if (!otlp || print) {
    report('log transport worker sends by OTLP and prints nothing: with OTEL_LOGS_EXPORTER=console logs leave in process.');
    return undefined;
  }
  if (settings.configFile !== undefined && settings.logs.protocol === 'grpc') {
    report('log transport worker takes gRPC settings from OTEL_EXPORTER_OTLP_* only: with OTEL_CONFIG_FILE logs leave in process.');
    return undefined;
  }
  try {
    return new LogWorker({ ...options, transportFile: resolve(TRANSPORT), fallback: logger });
  } catch {
    report(`log transport worker needs ${TRANSPORT}: npm install ${TRANSPORT}@4. Logs leave in process.`);
    return undefined;
  }
}

function resolveAsHost(packageName: string): string {
  try {
    return mainFile(ourRequire(), packageName);
  } catch {
    return mainFile(createRequire(join(process.cwd(), 'package.json')), packageName);
  }
}

/** By its package.json, since pinoStreams.ts takes a look-up by name for the host's. */
function mainFile(from: NodeJS.Require, packageName: string): string {
  return from.resolve(dirname(from.resolve(`${packageName}/package.json`)));
}
