import { homedir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { ConfigError } from '../errors/configError.js';
import type { ConfigProblem } from '../errors/configError.js';
import { environmentSchema } from './schema.js';
import type { Environment } from './schema.js';
import { settingMeta } from './settingMeta.js';

/** Settings of the handoff server, checked and with defaults filled in. */
export interface HandoffConfig {
  readonly settings: Readonly<Environment> & { readonly HANDOFF_DATA_DIR: string };
  /** `HANDOFF_*` variables that exist but mean nothing here, most likely misspelt. Worth a warning. */
  readonly unknownKeys: readonly string[];
}

type Source = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from `source` (pass `process.env`). An empty value counts as not set.
 *
 * @throws ConfigError listing every unusable value at once.
 */
export function resolveConfig(source: Source): HandoffConfig {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) throw new ConfigError(problems(parsed.error, given));
  const settings = parsed.data;
  return {
    settings: { ...settings, HANDOFF_DATA_DIR: settings.HANDOFF_DATA_DIR ?? defaultDataDir(source) },
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

function defaultDataDir(source: Source): string {
  const base = source['XDG_DATA_HOME'];
  return join(base === undefined || base === '' ? join(source['HOME'] ?? homedir(), '.local', 'share') : base, 'handoff-otel');
}
