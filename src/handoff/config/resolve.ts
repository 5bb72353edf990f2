import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { ConfigError } from '../../errors/configError.js';
import type { ConfigProblem } from '../../errors/configError.js';
import { logLevelVariables } from '../../variables/earlierVariables.js';
import { handoffVariables, unknownVariables } from '../../variables/handoffVariables.js';
import { readAll, reader, textOf } from '../../variables/reader.js';
import type { Env } from '../../variables/reader.js';
import type { Values } from '../../variables/variable.js';
import { databaseAddress } from './databaseAddress.js';
import type { Reports } from './databaseAddress.js';

type Settings = Values<typeof handoffVariables>;

/** Settings of the handoff server, checked and with defaults filled in. */
export interface HandoffConfig {
  /**
   * `DATABASE_URL` is also what DB_HOST to DB_PASSWORD say, and `HANDOFF_LOG_LEVEL` what LOG_LEVEL says. `HANDOFF_DATA_DIR` is empty where
   * it is not used and could not be found out: with PostgreSQL, for a user without a home.
   */
  readonly settings: Settings & { readonly HANDOFF_DATA_DIR: string };
  /** `HANDOFF_*` variables that are not settings, most likely misspelt. Worth a warning. */
  readonly unknownKeys: readonly string[];
  /** Settings that contradict others and have no effect, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Reads the settings from `source` (pass `process.env`). An empty or blank value counts as not set.
 *
 * @param findHome home folder of this process's user when `HOME` is not set; may throw
 * @throws ConfigError listing every unusable value at once.
 */
export function resolveConfig(source: Env, findHome: () => string = homedir): HandoffConfig {
  const problems: ConfigProblem[] = [];
  const warnings: string[] = [];
  const reports: Reports = {
    problem: ({ key, given, allowed }) => problems.push({ key, given, allowed }),
    warning: (sentence) => warnings.push(sentence),
  };
  const settings = readAll(handoffVariables, source, reports.problem);
  const address = databaseAddress(source, reports);
  const logLevel = earlierLogLevel(source, reports) ?? settings.HANDOFF_LOG_LEVEL;
  const dataDir = settings.HANDOFF_DATA_DIR ?? defaultDataDir(source, findHome);
  if (dataDir === undefined && address === undefined) {
    const allowed = 'a folder for the embedded database, because this user has no home folder';
    reports.problem({ key: 'HANDOFF_DATA_DIR', given: 'nothing', allowed });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    settings: { ...settings, DATABASE_URL: address, HANDOFF_LOG_LEVEL: logLevel, HANDOFF_DATA_DIR: dataDir ?? '' },
    unknownKeys: unknownVariables(source),
    warnings,
  };
}

/** LOG_LEVEL, where nothing overrules it; what is overruled is not checked. */
function earlierLogLevel(source: Env, { problem, warning }: Reports): Settings['HANDOFF_LOG_LEVEL'] | undefined {
  const own = textOf(source, 'HANDOFF_LOG_LEVEL');
  if (own === undefined) return reader(logLevelVariables, source, problem).given('LOG_LEVEL');
  if ((textOf(source, 'LOG_LEVEL') ?? own).toLowerCase() !== own.toLowerCase())
    warning('HANDOFF_LOG_LEVEL is used. LOG_LEVEL differs from it and has no effect.');
  return undefined;
}

/** A relative XDG_DATA_HOME is to be ignored (XDG base directory specification): every client would get a database of its own. */
function defaultDataDir(source: Env, findHome: () => string): string | undefined {
  const base = textOf(source, 'XDG_DATA_HOME');
  if (base !== undefined && isAbsolute(base)) return join(base, 'handoff-otel');
  const home = textOf(source, 'HOME') ?? homeOrNone(findHome);
  return home === undefined ? undefined : join(home, '.local', 'share', 'handoff-otel');
}

/** Containers run as users that no list of users has; asking the system for their home throws. */
function homeOrNone(findHome: () => string): string | undefined {
  try {
    return findHome();
  } catch {
    return undefined;
  }
}
