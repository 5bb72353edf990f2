import { errorCode, errorMessage } from '../../../errors/classify.js';
import { textOf } from '../../../variables/reader.js';
import type { Env, Notify } from '../env.js';
import type { SettingsIo } from '../io.js';
import { ConfigNode } from './configNode.js';

/** The file that OTEL_CONFIG_FILE names, as it was found. */
export interface OpenedConfig {
  readonly path: string;
  /** Absent when the file cannot be used. */
  readonly root?: ConfigNode;
  /** Variables that the file itself references, by `${NAME}`. */
  readonly used: ReadonlySet<string>;
}

const REFERENCE = /\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)/g;
/** The parser's message about a `${…}` it cannot read quotes it, including the default. */
const QUOTES_TEXT = /invalid env var substitution/;

/**
 * Opens the file that OTEL_CONFIG_FILE names; `undefined` when it names none.
 *
 * A file that cannot be used at all turns telemetry off, with a notice, as in OpenTelemetry's own startup: its author meant
 * telemetry to go somewhere particular, so it must not be sent to a default address instead.
 */
export function openConfigFile(env: Env, { readConfigFile }: SettingsIo, notify: Notify): OpenedConfig | undefined {
  const path = textOf(env, 'OTEL_CONFIG_FILE');
  if (path === undefined) return undefined;
  try {
    const { model, text } = readConfigFile(path);
    const used = new Set([...text.matchAll(REFERENCE)].flatMap(([, name]) => name ?? []));
    return { path, root: new ConfigNode(model, 'OTEL_CONFIG_FILE: ', notify), used };
  } catch (error) {
    notify(`OTEL_CONFIG_FILE ${path} cannot be used, and telemetry stays off: ${reasonOf(error)}`);
    return { path, used: new Set() };
  }
}

function reasonOf(error: unknown): string {
  const code = errorCode(error);
  if (code === 'ENOENT') return 'there is no such file.';
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return `it cannot be read (${code}).`;
  const message = errorMessage(error);
  return QUOTES_TEXT.test(message)
    ? 'it contains a ${…} that is not ${NAME} or ${NAME:-default}.'
    : `${message.replace(/\s+/g, ' ').slice(0, 400).replace(/\.+$/, '')}.`;
}
