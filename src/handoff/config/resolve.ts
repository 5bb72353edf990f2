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
import { checkRedisSettings } from './redisSettings.js';

type Settings = Values<typeof handoffVariables>;

/** Settings of the handoff server, validated and with defaults applied. */
export interface HandoffConfig {
  /**
   * `DATABASE_URL` also reflects DB_HOST to DB_PASSWORD, and `HANDOFF_LOG_LEVEL` reflects LOG_LEVEL. `HANDOFF_DATA_DIR` is empty where
   * it is not used and cannot be determined: with PostgreSQL, for a user without a home folder.
   */
  readonly settings: Settings & { readonly HANDOFF_DATA_DIR: string };
  /** `HANDOFF_*` variables that are not recognised, most likely misspelt. They deserve a warning. */
  readonly unknownKeys: readonly string[];
  /** Settings that contradict others and have no effect, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Reads the settings from `source` (pass `process.env`). An empty or blank value counts as unset.
 *
 * @param findHome home folder of this process's user when `HOME` is not set; may throw
 * @throws ConfigError that lists all invalid values.
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
  if (settings.HANDOFF_ARCHIVE_S3_BUCKET !== undefined && settings.HANDOFF_ARCHIVE_DIR !== undefined)
    reports.warning('HANDOFF_ARCHIVE_S3_BUCKET is used. HANDOFF_ARCHIVE_DIR has no effect.');
  checkRedisSettings(settings, reports);
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

/** Reads LOG_LEVEL, unless it is overridden; an overridden value is not validated. */
function earlierLogLevel(source: Env, { problem, warning }: Reports): Settings['HANDOFF_LOG_LEVEL'] | undefined {
  const own = textOf(source, 'HANDOFF_LOG_LEVEL');
  if (own === undefined) return reader(logLevelVariables, source, problem).given('LOG_LEVEL');
  if ((textOf(source, 'LOG_LEVEL') ?? own).toLowerCase() !== own.toLowerCase())
    warning('HANDOFF_LOG_LEVEL is used. LOG_LEVEL differs from it and has no effect.');
  return undefined;
}

/** A relative XDG_DATA_HOME must be ignored (XDG base directory specification): otherwise every client would get its own database. */
function defaultDataDir(source: Env, findHome: () => string): string | undefined {
  const base = textOf(source, 'XDG_DATA_HOME');
  if (base !== undefined && isAbsolute(base)) return join(base, 'handoff-otel');
  const home = textOf(source, 'HOME') ?? homeOrNone(findHome);
  return home === undefined ? undefined : join(home, '.local', 'share', 'handoff-otel');
}

/** Containers may run as users that have no passwd entry; asking the system for their home folder throws. */
function homeOrNone(findHome: () => string): string | undefined {
  try {
    return findHome();
  } catch {
    return undefined;
  }
}
