import { listFromEnv, textFromEnv } from './env.js';
import type { Env, Notify } from './env.js';

export type Signal = 'traces' | 'metrics' | 'logs';
export type OtlpProtocol = 'http/protobuf' | 'http/json' | 'grpc';

/** Where one signal goes. */
export interface SignalSettings {
  readonly otlp: boolean;
  /** Print to stdout; never on stdio. */
  readonly console: boolean;
  /** Of the first OTLP receiver. */
  readonly protocol: OtlpProtocol;
}

const PROTOCOLS: ReadonlySet<string> = new Set<OtlpProtocol>(['http/protobuf', 'http/json', 'grpc']);

/** Reads OTEL_{TRACES,METRICS,LOGS}_EXPORTER and the protocol as OpenTelemetry defines them; unset means OTLP by http/protobuf. */
export function signalSettings(env: Env, signal: Signal, stdio: boolean, notify: Notify): SignalSettings {
  const key = `OTEL_${signal.toUpperCase()}_EXPORTER`;
  const protocol = otlpProtocol(env, signal, notify);
  const names = listFromEnv(env, key) ?? ['otlp'];
  if (names.includes('none')) return { otlp: false, console: false, protocol };
  const known = signal === 'metrics' ? ['otlp', 'console', 'prometheus'] : ['otlp', 'console'];
  for (const name of names) {
    if (!known.includes(name)) notify(`${key}=${name.slice(0, 40)} is not supported and ignored; use ${known.join(', ')} or none.`);
  }
  const refused = stdio && names.includes('console');
  if (refused) notify(`${key}=console is refused: on stdio transport stdout carries JSON-RPC and nothing else. Use otlp.`);
  return { otlp: names.includes('otlp'), console: names.includes('console') && !stdio, protocol };
}

function otlpProtocol(env: Env, signal: Signal, notify: Notify): OtlpProtocol {
  const key = `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_PROTOCOL`;
  const given = textFromEnv(env, key) ?? textFromEnv(env, 'OTEL_EXPORTER_OTLP_PROTOCOL') ?? 'http/protobuf';
  if (isProtocol(given)) return given;
  notify(`OTLP protocol ${given.slice(0, 40)} is unknown; http/protobuf is used for ${signal}. Allowed: ${[...PROTOCOLS].join(', ')}.`);
  return 'http/protobuf';
}

function isProtocol(text: string): text is OtlpProtocol {
  return PROTOCOLS.has(text);
}
