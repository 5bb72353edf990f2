import type { ConfigProblem } from '../../errors/configError.js';
import { databasePartVariables } from '../../variables/earlierVariables.js';
import { postgresUrl } from '../../variables/kinds.js';
import { postgresHosts } from '../../values/postgresHosts.js';
import { readAll, textOf } from '../../variables/reader.js';
import type { Env } from '../../variables/reader.js';

type PartName = keyof typeof databasePartVariables;

/** Defaults of the `DB_*` variables, as in the earlier server. */
const DEFAULTS: Readonly<Record<PartName, string>> = {
  DB_HOST: 'localhost',
  DB_PORT: '5432',
  DB_NAME: 'ai_handoff',
  DB_USER: 'ai_handoff_user',
  DB_PASSWORD: '',
};
const NAMES = Object.keys(DEFAULTS) as readonly PartName[];

export interface Reports {
  readonly problem: (problem: ConfigProblem) => unknown;
  readonly warning: (sentence: string) => unknown;
}

/** Returns whether the environment names a PostgreSQL server, validly or not. */
export function namesDatabase(env: Env): boolean {
  return textOf(env, 'DATABASE_URL') !== undefined || partsIn(env).length > 0;
}

/** Returns the database URL from DATABASE_URL, or built from DB_HOST to DB_PASSWORD; `undefined` when none of them is set. */
export function databaseAddress(env: Env, reports: Reports): string | undefined {
  const parts = partsIn(env);
  const address = textOf(env, 'DATABASE_URL');
  if (address !== undefined) {
    const others = overruled(address, parts, env);
    if (others.length > 0)
      reports.warning(
        `DATABASE_URL is used. ${others.join(', ')} ${others.length === 1 ? 'differs from it and has' : 'differ from it and have'} no effect.`,
      );
    return address;
  }
  return parts.length === 0 ? undefined : fromParts(parts, env, reports);
}

function partsIn(env: Env): readonly PartName[] {
  return NAMES.filter((name) => textOf(env, name) !== undefined);
}

function fromParts(parts: readonly PartName[], env: Env, { problem }: Reports): string | undefined {
  if (!parts.includes('DB_PASSWORD')) {
    problem({
      key: 'DB_PASSWORD',
      given: 'nothing',
      allowed: `the password of the database user, because ${parts.join(', ')} ${parts.length === 1 ? 'is' : 'are'} set. DATABASE_URL does not need a password`,
    });
  }
  const values = readAll(databasePartVariables, Object.fromEntries(parts.map((name) => [name, env[name]])), problem);
  const text = (name: PartName): string => String(values[name] ?? DEFAULTS[name]);
  const host = text('DB_HOST');
  // pg reads the database name as a path: characters allowed in a path are not decoded.
  const name = encodeURI(text('DB_NAME'));
  // Spaces around a password are part of it.
  const credentials = `${encodeURIComponent(text('DB_USER'))}:${encodeURIComponent(env['DB_PASSWORD'] ?? '')}`;
  return `postgres://${credentials}@${host.includes(':') ? `[${host}]` : encodeURIComponent(host)}:${text('DB_PORT')}/${name}`;
}

/** Returns those of `parts` that differ from the address. */
function overruled(address: string, parts: readonly PartName[], env: Env): readonly PartName[] {
  if (parts.length === 0 || postgresUrl.parse(address, () => undefined) === undefined) return [];
  const several = postgresHosts(address);
  const one = several === undefined || several === 'invalid' ? address : several.connectionString;
  const { hostname, port, pathname, username, password, searchParams } = new URL(one.replace('@/', '@localhost/'));
  const inAddress: Readonly<Record<PartName, string>> = {
    DB_HOST: searchParams.get('host') ?? decoded(hostname).replace(/^\[(.+)\]$/, '$1'),
    DB_PORT: port === '' ? DEFAULTS.DB_PORT : port,
    DB_NAME: decoded(pathname.slice(1)),
    DB_USER: decoded(username),
    DB_PASSWORD: decoded(password),
  };
  return parts.filter((name) => (name === 'DB_PASSWORD' ? env[name] : textOf(env, name)) !== inAddress[name]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
