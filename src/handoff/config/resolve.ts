import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { z } from 'zod';
import { ConfigError } from '../../errors/configError.js';
import type { ConfigProblem } from '../../errors/configError.js';
import { environmentSchema } from './schema.js';
import type { Environment } from './schema.js';
import { settingMeta } from './settingMeta.js';

/** Settings of the handoff server, checked and with defaults filled in. */
export interface HandoffConfig {
  /** `HANDOFF_DATA_DIR` is empty where it is not used and could not be found out: with `DATABASE_URL`, for a user without a home. */
  readonly settings: Readonly<Environment> & { readonly HANDOFF_DATA_DIR: string };
  /** `HANDOFF_*` variables that exist but mean nothing here, most likely misspelt. Worth a warning. */
  readonly unknownKeys: readonly string[];
}

type Source = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from `source` (pass `process.env`). An empty value counts as not set.
 *
 * @param findHome home folder of this process's user when `HOME` is not set; may throw
 * @throws ConfigError listing every unusable value at once.
 */
export function resolveConfig(source: Source, findHome: () => string = homedir): HandoffConfig {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) throw new ConfigError(problems(parsed.error, given));
  const settings = parsed.data;
  const dataDir = settings.HANDOFF_DATA_DIR ?? defaultDataDir(given, findHome);
  if (dataDir === undefined && settings.DATABASE_URL === undefined) {
    const { allowed } = settingMeta('HANDOFF_DATA_DIR');
    throw new ConfigError([{ key: 'HANDOFF_DATA_DIR', given: 'nothing, and this user has no home folder', allowed }]);
  }
  return {
    settings: { ...settings, HANDOFF_DATA_DIR: dataDir ?? '' },
    unknownKeys: Object.keys(given).filter((key) => key.startsWith('HANDOFF_') && !(key in environmentSchema.shape)),
  };
}

function problems(error: z.ZodError, given: Source): ConfigProblem[] {
  const keys = new Set(error.issues.map((issue) => String(issue.path[0])));
  return [...keys].map((key) => {
    const { allowed, unit, secret } = settingMeta(key);
    const value = given[key] ?? '';
    return {
      key,
      given: secret ? '(secret)' : JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value),
      allowed: unit === '' ? allowed : `${allowed} (${unit})`,
    };
  });
}

/** A relative XDG_DATA_HOME is to be ignored (XDG base directory specification): every client would get a database of its own. */
function defaultDataDir(given: Source, findHome: () => string): string | undefined {
  const base = given['XDG_DATA_HOME'];
  if (base !== undefined && isAbsolute(base)) return join(base, 'handoff-otel');
  const home = given['HOME'] ?? homeOrNone(findHome);
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
