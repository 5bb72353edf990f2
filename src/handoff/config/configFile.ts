import { readFileSync } from 'node:fs';
import { ConfigError } from '../../errors/configError.js';
import type { ConfigProblem } from '../../errors/configError.js';
import { errorCode, errorMessage } from '../../errors/classify.js';
import { databasePartVariables, logLevelVariables } from '../../variables/earlierVariables.js';
import { handoffVariables } from '../../variables/handoffVariables.js';
import { textOf } from '../../variables/reader.js';
import type { Env } from '../../variables/reader.js';
import { configFileVariables } from '../../variables/serverVariables.js';
import { telemetryVariables } from '../../variables/telemetryVariables.js';
import { isMapping } from '../../values/guards.js';

const FILE = 'HANDOFF_CONFIG_FILE';
/** A file of settings is a few kilobytes. */
const MAX_CHARS = 1_048_576;
/** Editors and shells of Windows put one before UTF-8. */
const BYTE_ORDER_MARK = /^\uFEFF/u;
const ALLOWED = 'a JSON object of settings under their names, each a text, a number, true or false';

/**
 * Returns the environment with what its configuration file adds, if it names one. What the environment sets itself wins.
 *
 * @throws ConfigError if the file cannot be read, or holds what is no setting of a file.
 */
export function withConfigFile(env: Env, read: (path: string) => string = (path) => readFileSync(path, 'utf8')): Env {
  const path = textOf(env, FILE);
  if (path === undefined) return env;
  let text: string;
  try {
    text = read(path);
  } catch (error) {
    throw new ConfigError([unreadableFile(error)]);
  }
  return mergedEnv(env, parseConfigFile(text));
}

/** Why the configuration file could not be read. Its content may well be right, so the message is about its path. */
export function unreadableFile(error: unknown): ConfigProblem {
  const code = errorCode(error) ?? 'unknown';
  const given = code === 'ENOENT' ? 'a file that does not exist (ENOENT)' : `a file that cannot be read (${code})`;
  return { key: FILE, given, allowed: 'the path of a file that this user can read' };
}

/** Settings that say the same in another way, and give way to the first where both are set. */
const OTHER_WAYS: Readonly<Record<string, readonly string[]>> = {
  DATABASE_URL: Object.keys(databasePartVariables),
  HANDOFF_LOG_LEVEL: Object.keys(logLevelVariables),
  REDIS_SENTINELS: ['REDIS_CLUSTER', 'REDIS_URL'],
  REDIS_CLUSTER: ['REDIS_URL'],
  HANDOFF_ARCHIVE_S3_BUCKET: ['HANDOFF_ARCHIVE_DIR'],
};

/** Returns which settings of the file the environment sets itself, under the same name or in another way. */
export function setByEnv(env: Env, file: Env): readonly string[] {
  return Object.keys(file).filter((name) => [name, ...(OTHER_WAYS[name] ?? [])].some((way) => textOf(env, way) !== undefined));
}

/** What the environment does not set comes from the file. */
export function mergedEnv(env: Env, file: Env): Env {
  const own = new Set(setByEnv(env, file));
  const added = Object.entries(file).filter(([name]) => !own.has(name));
  return { ...env, ...Object.fromEntries(added) };
}

/**
 * Reads the text of a configuration file as if its settings were environment variables.
 *
 * @throws ConfigError that lists everything in it that cannot be.
 */
export function parseConfigFile(text: string): Env {
  const found = objectIn(text);
  const problems: ConfigProblem[] = [];
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(found)) {
    const refusal = nameProblem(name);
    if (refusal !== undefined) problems.push({ key: `${FILE}: ${name}`, given: 'this name', allowed: refusal });
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') values[name] = String(value);
    // A name that is set to null counts as not set.
    else if (value !== null)
      problems.push({ key: `${FILE}: ${name}`, given: 'something else', allowed: 'a text, a number, true or false' });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return values;
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  let given = 'text that is not JSON';
  try {
    if (text.length > MAX_CHARS) given = `more than ${MAX_CHARS} characters`;
    else {
      const parsed: unknown = JSON.parse(text.replace(BYTE_ORDER_MARK, ''));
      if (isMapping(parsed)) return parsed;
      given = 'other JSON';
    }
  } catch (error) {
    // The rest of the message quotes the file, which may hold passwords.
    const [, line, column] = /\(line (\d+) column (\d+)\)$/.exec(errorMessage(error)) ?? [];
    if (line !== undefined) given = `${given} (line ${line}, column ${column ?? ''})`;
  }
  throw new ConfigError([{ key: FILE, given, allowed: ALLOWED }]);
}

/** What is wrong with a name; continues "it must be". */
function nameProblem(name: string): string | undefined {
  const known =
    Object.hasOwn(handoffVariables, name) || Object.hasOwn(databasePartVariables, name) || Object.hasOwn(logLevelVariables, name);
  if (!known) return 'the name of a setting of docs/configuration.md; it is not known';
  if (Object.hasOwn(telemetryVariables, name) || Object.hasOwn(configFileVariables, name))
    return 'set in the environment, because it is read before the file';
  return undefined;
}
