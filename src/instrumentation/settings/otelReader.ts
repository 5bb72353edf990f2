import { noticeOf, reader } from '../../variables/reader.js';
import type { Reader } from '../../variables/reader.js';
import type { Env, Notify } from './env.js';
import { otelVariables, otlpVariables, ownName } from './otelVariables.js';
import type { Signal } from './signals.js';
import type { ReadFile } from './tlsMaterial.js';

export interface EnvironmentSource {
  readonly env: Env;
  readonly stdio: boolean;
  readonly readFile: ReadFile;
  readonly notify: Notify;
}

export type OtelReader = Reader<typeof otelVariables>;
export type OtlpReader = Reader<typeof otlpVariables>;

export function otelReader(env: Env, notify: Notify): OtelReader {
  return reader(otelVariables, env, (problem) => notify(noticeOf(problem)));
}

/** Of OTEL_EXPORTER_OTLP_* for one signal, under the names without it. What cannot be used gives way to the variable for all signals. */
export function ownReader({ env, notify }: EnvironmentSource, signal: Signal): OtlpReader {
  const report: Parameters<typeof reader>[2] = (problem) => notify(noticeOf({ ...problem, outcome: 'It is ignored.' }));
  return reader(otlpVariables, env, report, (name) => ownName(signal, name));
}
