import { errorMessage } from '../../errors/classify.js';
import { noticeOf, reader } from '../../variables/reader.js';
import type { Reader } from '../../variables/reader.js';
import { MAX_FLUSH_TIMEOUT_MS, telemetryVariables } from '../../variables/telemetryVariables.js';
import { checkTelemetryOptions } from './checkTelemetryOptions.js';
import { settingsFromFile } from './configFile/fromFile.js';
import { openConfigFile } from './configFile/open.js';
import type { OpenedConfig } from './configFile/open.js';
import type { Env, Notify } from './env.js';
import { settingsFromEnv } from './fromEnv.js';
import { systemIo } from './io.js';
import type { SettingsIo } from './io.js';
import type { TelemetryOptions, LibraryModules, LibraryOptions } from './options.js';
import type { OtelSettings } from './otelSettings.js';
import { otelReader } from './otelReader.js';
import { prometheusSettings } from './prometheus.js';
import type { PrometheusSettings } from './prometheus.js';
import { reportUnread } from './unread.js';

/** Everything `instrument()` decides before it starts anything. */
export interface TelemetrySettings extends OtelSettings {
  /** The host's options that are of the right type. */
  readonly options: TelemetryOptions;
  /** The file named by OTEL_CONFIG_FILE; `usable` is false when telemetry stays off because of it. */
  readonly configFile?: { readonly path: string; readonly usable: boolean };
  readonly stdio: boolean;
  readonly prometheus: PrometheusSettings;
  readonly flushTimeoutMs: number;
  readonly exitHooks: boolean;
  readonly captureErrorMessages: boolean;
  readonly libraries: Required<LibraryOptions>;
  readonly modules: LibraryModules;
  readonly flushOnProcessExit: boolean;
  readonly consoleToStderr: boolean;
  /** Settings that were not used as given, one sentence each, without values that could be secret. */
  readonly notices: readonly string[];
}

type OwnReader = Reader<typeof telemetryVariables>;

/**
 * The same options, environment and files always give the same settings. Unusable values are reported in `notices` and never
 * make it throw.
 */
export function resolveSettings(given: TelemetryOptions, environment: Env, io: SettingsIo = systemIo): TelemetrySettings {
  const notices: string[] = [];
  const notify: Notify = (notice) => {
    // A variable for all signals is read once for each of them.
    if (!notices.includes(notice)) notices.push(notice);
  };
  const env = copyOf(environment, notify);
  const options = checkTelemetryOptions(given, notify);
  const own: OwnReader = reader(telemetryVariables, env, (problem) => notify(noticeOf(problem)));
  const stdio = options.stdio ?? own.value('HANDOFF_STDIO');
  // Setting it means that nothing is to be loaded or reported.
  const isOff = otelReader(env, notify).value('OTEL_SDK_DISABLED');
  const file = isOff ? undefined : openConfigFile(env, io, notify);
  const otel = otelSettings(file, { env: isOff ? { OTEL_SDK_DISABLED: 'true' } : env, stdio, readFile: io.readFile, notify });
  // The `service` detector of a configuration file reads this variable.
  if (!isOff) reportUnread(env, file, otel.resource.detectors.includes('serviceinstance') ? ['OTEL_SERVICE_NAME'] : [], notify);
  return {
    ...otel,
    options,
    ...(file === undefined ? {} : { configFile: { path: file.path, usable: file.root !== undefined } }),
    stdio,
    prometheus: prometheusSettings(otel.prometheusRequest, options.prometheus ?? {}, stdio, notify),
    flushTimeoutMs: flushTimeoutMs(options, own, notify),
    exitHooks: options.exitHooks ?? true,
    captureErrorMessages: options.captureErrorMessages ?? false,
    libraries: { pg: true, ioredis: true, pino: true, runtime: true, ...options.libraries },
    modules: options.modules ?? {},
    flushOnProcessExit: options.flushOnProcessExit ?? own.value('HANDOFF_FLUSH_ON_PROCESS_EXIT'),
    consoleToStderr: options.consoleToStderr ?? own.value('HANDOFF_CONSOLE_TO_STDERR'),
    notices,
  };
}

function otelSettings(file: OpenedConfig | undefined, source: Parameters<typeof settingsFromEnv>[0]): OtelSettings {
  if (file === undefined) return settingsFromEnv(source);
  if (file.root !== undefined) return settingsFromFile(file.root, source.env, source);
  return settingsFromEnv({ ...source, env: { OTEL_SDK_DISABLED: 'true' } });
}

function flushTimeoutMs(options: TelemetryOptions, own: OwnReader, notify: Notify): number {
  const byDefault = telemetryVariables.HANDOFF_FLUSH_TIMEOUT_MS.default;
  const given = options.flushTimeoutMs ?? own.value('HANDOFF_FLUSH_TIMEOUT_MS');
  if (given >= 0 && given <= MAX_FLUSH_TIMEOUT_MS) return given;
  notify(`flushTimeoutMs: ${given} must be a number from 0 to ${MAX_FLUSH_TIMEOUT_MS}. The default, ${byDefault}, is used.`);
  return byDefault;
}

/** Reading the process's environment asks the system every time, and Deno may forbid it. */
function copyOf(environment: Env, notify: Notify): Env {
  try {
    return { ...environment };
  } catch (error) {
    notify(`The environment cannot be read, so its variables are not used: ${errorMessage(error)}.`);
    return {};
  }
}
