import { noticeOf, reader } from '../../variables/reader.js';
import type { Reader } from '../../variables/reader.js';
import type { ValueOf } from '../../variables/variable.js';
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

/** OTEL_EXPORTER_OTLP_* as one signal sees them, under the names without a signal. */
export interface OtlpReader {
  /** Only the signal's own variable. */
  readonly own: Reader<typeof otlpVariables>;
  readonly general: Reader<typeof otlpVariables>;
  /** The signal's own value if it is usable, else the general one or its default. */
  value<Name extends keyof typeof otlpVariables>(name: Name): ValueOf<typeof otlpVariables, Name>;
}

export function otelReader(env: Env, notify: Notify): OtelReader {
  return reader(otelVariables, env, (problem) => notify(noticeOf(problem)));
}

export function otlpReader({ env, notify }: EnvironmentSource, signal: Signal): OtlpReader {
  const general = reader(otlpVariables, env, (problem) => notify(noticeOf(problem)));
  const own = reader(
    otlpVariables,
    env,
    (problem) => notify(noticeOf({ ...problem, outcome: 'It is ignored.' })),
    (name) => ownName(signal, name),
  );
  return { own, general, value: (name) => own.given(name) ?? general.value(name) };
}
