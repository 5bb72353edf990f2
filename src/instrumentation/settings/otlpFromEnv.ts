import { flagFromEnv, integerFromEnv, textFromEnv } from './env.js';
import type { Env, Notify } from './env.js';
import { headersFromList } from './headers.js';
import { DEFAULT_GRPC_URL, DEFAULT_OTLP_TIMEOUT_MS, defaultHttpUrl, grpcUrl, httpUrl, MAX_TIMER_MS, withSignalPath } from './otlpTarget.js';
import type { OtlpTarget } from './otlpTarget.js';
import type { OtlpProtocol, Signal } from './signals.js';
import { tlsMaterial } from './tlsMaterial.js';
import type { NamedFile, ReadFile } from './tlsMaterial.js';

export interface OtlpEnvironment {
  readonly env: Env;
  readonly signal: Signal;
  readonly protocol: OtlpProtocol;
  readonly readFile: ReadFile;
  readonly notify: Notify;
}

/**
 * The receiver that OTEL_EXPORTER_OTLP_* name for one signal; OTEL_EXPORTER_OTLP_{TRACES,METRICS,LOGS}_* win over those
 * without a signal.
 *
 * Why not the SDK's own reading: it looks at the process's environment whatever else was decided (a configuration file
 * would get the environment's headers), and what it cannot use it tells nobody but a logger that is not there yet.
 */
export function otlpFromEnv(options: OtlpEnvironment): OtlpTarget {
  const { env, protocol, readFile, notify } = options;
  const file = (name: string): NamedFile | undefined => {
    const setting = keyOf(options, name);
    const path = textFromEnv(env, setting);
    return path === undefined ? undefined : { setting, path };
  };
  const tls = tlsMaterial({ ca: file('CERTIFICATE'), cert: file('CLIENT_CERTIFICATE'), key: file('CLIENT_KEY') }, readFile, notify);
  return {
    protocol,
    url: protocol === 'grpc' ? grpcEndpoint(options) : httpEndpoint(options),
    headers: headers(options),
    compression: compression(options),
    timeoutMs: integerFromEnv(env, keyOf(options, 'TIMEOUT'), { min: 1, max: MAX_TIMER_MS }, notify) ?? DEFAULT_OTLP_TIMEOUT_MS,
    ...(tls === undefined ? {} : { tls }),
  };
}

/** The variable that counts: the signal's own if it is set. */
function keyOf({ env, signal }: OtlpEnvironment, name: string): string {
  const own = ownKey(signal, name);
  return textFromEnv(env, own) === undefined ? generalKey(name) : own;
}

const ownKey = (signal: Signal, name: string): string => `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${name}`;
const generalKey = (name: string): string => `OTEL_EXPORTER_OTLP_${name}`;

/** The signal's own address is taken as it is; the general one gets the signal's path. */
function httpEndpoint({ env, signal, notify }: OtlpEnvironment): string {
  const read = (key: string): URL | undefined => {
    const text = textFromEnv(env, key);
    if (text === undefined) return undefined;
    const url = httpUrl(text);
    if (url === undefined) notify(`${key} is not an http:// or https:// URL; it is ignored.`);
    return url;
  };
  const own = read(ownKey(signal, 'ENDPOINT'));
  if (own !== undefined) return own.href;
  const general = read(generalKey('ENDPOINT'));
  return general === undefined ? defaultHttpUrl(signal) : withSignalPath(general, signal);
}

function grpcEndpoint(options: OtlpEnvironment): string {
  const { env, notify } = options;
  const key = keyOf(options, 'ENDPOINT');
  const text = textFromEnv(env, key);
  if (text === undefined) return DEFAULT_GRPC_URL;
  const url = grpcUrl(text, flagFromEnv(env, keyOf(options, 'INSECURE')));
  if (url === undefined) notify(`${key} is not a gRPC address; ${DEFAULT_GRPC_URL} is used.`);
  return url ?? DEFAULT_GRPC_URL;
}

function headers({ env, signal, notify }: OtlpEnvironment): Record<string, string> {
  const read = (key: string): Record<string, string> => headersFromList(textFromEnv(env, key) ?? '', key, notify);
  return { ...read(generalKey('HEADERS')), ...read(ownKey(signal, 'HEADERS')) };
}

function compression(options: OtlpEnvironment): 'gzip' | 'none' {
  const key = keyOf(options, 'COMPRESSION');
  const text = textFromEnv(options.env, key)?.toLowerCase() ?? 'none';
  if (text === 'gzip' || text === 'none') return text;
  options.notify(`${key}=${text.slice(0, 40)} is not supported; nothing is compressed. Allowed: gzip, none.`);
  return 'none';
}
