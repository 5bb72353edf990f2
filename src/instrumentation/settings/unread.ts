import type { OpenedConfig } from './configFile/open.js';
import { textFromEnv } from './env.js';
import type { Env, Notify } from './env.js';
import { knownVariables } from './knownVariables.js';

/**
 * For others on the same machine: SDKs of other languages, and what Kubernetes puts together OTEL_RESOURCE_ATTRIBUTES from.
 * Such variables come in bulk, and nobody expects us to read them.
 */
const NOT_OURS =
  /^OTEL_(?:(?:CPP|DOTNET|ERLANG|GO|JAVA|JAVAAGENT|PHP|PYTHON|RUBY|RUST|SWIFT|INJECTOR|RESOURCE_ATTRIBUTES)_|(?:NODE|POD)_IP$)/;

/** Read in spite of a configuration file, or about it. */
const BESIDE_FILE = new Set(['OTEL_CONFIG_FILE', 'OTEL_SDK_DISABLED']);

/**
 * Names every OTEL_* variable that is set and has no effect. Never its value.
 *
 * @param alsoRead what is read beside a configuration file
 */
export function reportUnread(env: Env, file: OpenedConfig | undefined, alsoRead: readonly string[], notify: Notify): void {
  const names = Object.keys(env).filter((name) => name.startsWith('OTEL_') && textFromEnv(env, name) !== undefined && !NOT_OURS.test(name));
  const known = names.filter((name) => (knownVariables.get(name)?.support ?? 'no') !== 'no');
  for (const name of names) {
    if (known.includes(name) || file?.used.has(name) === true) continue;
    const note = knownVariables.get(name)?.note;
    notify(note === undefined ? `${name} is no setting we know, and is ignored.` : `${name} is not supported and ignored. ${note}`);
  }
  const overruled =
    file?.root === undefined ? [] : known.filter((name) => !BESIDE_FILE.has(name) && !file.used.has(name) && !alsoRead.includes(name));
  if (overruled.length > 0) notify(`OTEL_CONFIG_FILE is in use, so these have no effect: ${overruled.sort().join(', ')}.`);
}
