import { LOG_BATCH, SPAN_BATCH } from './batchLimits.js';
import type { BatchLimits } from './batchLimits.js';
import { checkTelemetryOptions } from './checkTelemetryOptions.js';
import { settingsFromFile } from './configFile/fromFile.js';
import { openConfigFile } from './configFile/open.js';
import type { OpenedConfig } from './configFile/open.js';
import { flagFromEnv, integerFromEnv, switchFromEnv, textFromEnv } from './env.js';
import type { Env, Notify } from './env.js';
import { settingsFromEnv } from './fromEnv.js';
import { systemIo } from './io.js';
import type { SettingsIo } from './io.js';
import { DEFAULT_INTERVAL_MS } from './metrics.js';
import type { TelemetryOptions, LibraryModules, LibraryOptions, LogTransport } from './options.js';
import type { LogSettings, OtelSettings } from './otelSettings.js';
import { prometheusSettings } from './prometheus.js';
import type { PrometheusSettings } from './prometheus.js';
import { reportUnread } from './unread.js';

/** Everything `instrument()` decides before it starts anything. */
export interface TelemetrySettings extends OtelSettings {
  /** Those options of the host that are of the right type. */
  readonly options: TelemetryOptions;
  /** The file named by OTEL_CONFIG_FILE; `usable` is false when telemetry stays off because of it. */
  readonly configFile?: { readonly path: string; readonly usable: boolean };
  readonly stdio: boolean;
  /** Of the first OTLP receiver of spans. */
  readonly spanBatch: BatchLimits;
  /** Of the first OTLP receiver of log records. */
  readonly logBatch: BatchLimits;
  readonly metricIntervalMs: number;
  readonly prometheus: PrometheusSettings;
  readonly flushTimeoutMs: number;
  readonly exitHooks: boolean;
  readonly captureErrorMessages: boolean;
  readonly libraries: Required<LibraryOptions>;
  readonly modules: LibraryModules;
  readonly flushOnProcessExit: boolean;
  readonly logTransport: LogTransport;
  readonly consoleToStderr: boolean;
  /** Settings that were not taken as given, one sentence each. No values that could be secret. */
  readonly notices: readonly string[];
}

const MAX_FLUSH_TIMEOUT_MS = 60_000;

/** The same options, environment and files give the same settings. Unusable values are reported in `notices`, never thrown. */
export function resolveSettings(given: TelemetryOptions, env: Env, io: SettingsIo = systemIo): TelemetrySettings {
  const notices: string[] = [];
  const notify: Notify = (notice) => {
    // A variable for all signals is read once for each of them.
    if (!notices.includes(notice)) notices.push(notice);
  };
  const options = checkTelemetryOptions(given, notify);
  const stdio = options.stdio ?? switchFromEnv(env, 'HANDOFF_STDIO', notify) ?? false;
  // Whoever sets it wants nothing loaded and nothing said.
  const isOff = flagFromEnv(env, 'OTEL_SDK_DISABLED');
  const file = isOff ? undefined : openConfigFile(env, io, notify);
  const otel = otelSettings(file, { env: isOff ? { OTEL_SDK_DISABLED: 'true' } : env, stdio, readFile: io.readFile, notify });
  // The `service` detector of a file is about this variable.
  if (!isOff) reportUnread(env, file, otel.resource.detectors.includes('serviceinstance') ? ['OTEL_SERVICE_NAME'] : [], notify);
  return {
    ...otel,
    options,
    ...(file === undefined ? {} : { configFile: { path: file.path, usable: file.root !== undefined } }),
    stdio,
    spanBatch: otel.traces.outlets[0]?.batch ?? SPAN_BATCH,
    logBatch: otel.logs.outlets[0]?.batch ?? LOG_BATCH,
    metricIntervalMs: otel.metrics.pushes[0]?.intervalMs ?? DEFAULT_INTERVAL_MS,
    prometheus: prometheusSettings(otel.prometheusRequest, options.prometheus ?? {}, stdio, notify),
    flushTimeoutMs: flushTimeoutMs(options, env, notify),
    exitHooks: options.exitHooks ?? true,
    captureErrorMessages: options.captureErrorMessages ?? false,
    libraries: { pg: true, ioredis: true, pino: true, runtime: true, ...options.libraries },
    modules: options.modules ?? {},
    flushOnProcessExit: options.flushOnProcessExit ?? switchFromEnv(env, 'HANDOFF_FLUSH_ON_PROCESS_EXIT', notify) ?? false,
    logTransport: logTransport(options, env, file === undefined ? undefined : otel.logs, notify),
    consoleToStderr: options.consoleToStderr ?? switchFromEnv(env, 'HANDOFF_CONSOLE_TO_STDERR', notify) ?? false,
    notices,
  };
}

function otelSettings(file: OpenedConfig | undefined, source: Parameters<typeof settingsFromEnv>[0]): OtelSettings {
  if (file === undefined) return settingsFromEnv(source);
  if (file.root !== undefined) return settingsFromFile(file.root, source.env, source);
  return settingsFromEnv({ ...source, env: { OTEL_SDK_DISABLED: 'true' } });
}

function flushTimeoutMs(options: TelemetryOptions, env: Env, notify: Notify): number {
  const given =
    options.flushTimeoutMs ?? integerFromEnv(env, 'HANDOFF_FLUSH_TIMEOUT_MS', { min: 0, max: MAX_FLUSH_TIMEOUT_MS }, notify) ?? 2000;
  if (given >= 0 && given <= MAX_FLUSH_TIMEOUT_MS) return given;
  notify(`flushTimeoutMs ${given} is not from 0 to ${MAX_FLUSH_TIMEOUT_MS}; 2000 is used.`);
  return 2000;
}

/** @param fromFile log settings of a configuration file; the thread can be told of one receiver only, by variables */
function logTransport(options: TelemetryOptions, env: Env, fromFile: LogSettings | undefined, notify: Notify): LogTransport {
  const given: string = options.logTransport ?? textFromEnv(env, 'HANDOFF_LOG_TRANSPORT')?.toLowerCase() ?? 'in-process';
  const isBeyondWorker = fromFile !== undefined && (fromFile.outlets.length > 1 || fromFile.outlets[0]?.target.tls !== undefined);
  if (given === 'worker' && isBeyondWorker) {
    notify('log transport worker cannot send to several receivers of OTEL_CONFIG_FILE, nor with its TLS files; logs leave in process.');
    return 'in-process';
  }
  if (given === 'in-process' || given === 'worker') return given;
  notify(`log transport ${given.slice(0, 40)} is unknown; in-process is used. Allowed: in-process, worker.`);
  return 'in-process';
}
