import { textOf } from '../../variables/reader.js';
import { unknownVariables } from '../../variables/handoffVariables.js';
import type { OpenedConfig } from './configFile/open.js';
import type { Env, Notify } from './env.js';
import { isOtelVariable } from './otelVariables.js';

/** Variables that people set expecting an effect here, and what they can do instead. */
export const unsupportedVariables: Readonly<Record<string, string>> = {
  OTEL_EXPERIMENTAL_CONFIG_FILE: 'Use OTEL_CONFIG_FILE.',
  OTEL_EXPORTER_ZIPKIN_ENDPOINT: 'Send OTLP to a collector.',
  OTEL_EXPORTER_JAEGER_ENDPOINT: 'Jaeger accepts OTLP.',
  OTEL_SEMCONV_STABILITY_OPT_IN: 'Only the stable names are written.',
  OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'Use the option `libraries` of `instrument()`.',
  OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'Use the option `libraries` of `instrument()`.',
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'Use HANDOFF_MCP_CAPTURE.',
};

/**
 * Variables for others on the same machine: SDKs of other languages, the one inside Deno, and the parts from which Kubernetes assembles
 * OTEL_RESOURCE_ATTRIBUTES. They come in bulk, and nobody expects us to read them.
 */
const NOT_OURS =
  /^OTEL_(?:(?:CPP|DENO|DOTNET|ERLANG|GO|JAVA|JAVAAGENT|PHP|PYTHON|RUBY|RUST|SWIFT|INJECTOR|RESOURCE_ATTRIBUTES)_|(?:NODE|POD)_IP$|DENO$)/;

/** Variables that are read even with a configuration file, or that concern it. */
const BESIDE_FILE = new Set(['OTEL_CONFIG_FILE', 'OTEL_SDK_DISABLED']);

/**
 * Reports the name, never the value, of every OTEL_* and HANDOFF_* variable that is set but has no effect.
 *
 * @param alsoRead variables that are read in addition to a configuration file
 */
export function reportUnread(env: Env, file: OpenedConfig | undefined, alsoRead: readonly string[], notify: Notify): void {
  const names = Object.keys(env).filter((name) => name.startsWith('OTEL_') && textOf(env, name) !== undefined && !NOT_OURS.test(name));
  for (const name of names) {
    if (isOtelVariable(name) || file?.used.has(name) === true) continue;
    const advice = Object.hasOwn(unsupportedVariables, name) ? unsupportedVariables[name] : undefined;
    notify(
      advice === undefined ? `${name} is not a recognised setting and is ignored.` : `${name} is not supported and is ignored. ${advice}`,
    );
  }
  for (const name of unknownVariables(env)) notify(`${name} is not a recognised setting and is ignored.`);
  if (file?.root === undefined) return;
  const isOverruled = (name: string): boolean =>
    isOtelVariable(name) && !BESIDE_FILE.has(name) && !file.used.has(name) && !alsoRead.includes(name);
  const overruled = names.filter(isOverruled).sort();
  if (overruled.length > 0) notify(`OTEL_CONFIG_FILE is in use, so these have no effect: ${overruled.join(', ')}.`);
}
