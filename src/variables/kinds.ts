import { isAbsolute } from 'node:path';
import { postgresHosts } from '../values/postgresHosts.js';
import type { Kind } from './variable.js';

const DIGITS = /^[+-]?\d{1,15}$/;

/** A whole number in `unit`, from `min` to `max`. */
export function wholeNumber(min: number, max: number, unit?: string): Kind<number> {
  return {
    allowed: `a whole number from ${min} to ${max}`,
    ...(unit === undefined ? {} : { unit }),
    parse: (text, refuse) => {
      const value = DIGITS.test(text) ? Number(text) : NaN;
      return value >= min && value <= max ? value : refuse();
    },
  };
}

/** A number from 0 to 1, such as `0.5`. */
export const fraction: Kind<number> = {
  allowed: 'a number from 0 to 1',
  parse: (text, refuse) => {
    const value = /^\d?(?:\.\d{1,15})?$/.test(text) && /\d/.test(text) ? Number(text) : NaN;
    return value >= 0 && value <= 1 ? value : refuse();
  },
};

export const flag: Kind<boolean> = {
  allowed: 'true, false, 1 or 0',
  words: ['true', 'false', '1', '0'],
  parse: (text, refuse) => {
    const word = text.toLowerCase();
    if (word === 'true' || word === '1') return true;
    return word === 'false' || word === '0' ? false : refuse();
  },
};

/** One of a few words, in any case. */
export function choice<const Words extends readonly string[]>(...words: Words): Kind<Words[number]> {
  return {
    allowed: `one of ${words.join(', ')}`,
    words,
    parse: (text, refuse) => words.find((word) => word === text.toLowerCase()) ?? refuse(),
  };
}

/** Several of a few words, in any case, separated by commas. Any other word is reported and ignored. */
export function choices<const Words extends readonly string[]>(...words: Words): Kind<readonly Words[number][]> {
  return {
    allowed: `one or more of ${words.join(', ')}, separated by commas`,
    words,
    parse: (text, refuse) => {
      const known = new Set<Words[number]>();
      for (const item of items(text.toLowerCase())) {
        const word = words.find((each) => each === item);
        if (word !== undefined) known.add(word);
        else refuse({ given: quoted(item), allowed: `one of ${words.join(', ')}` });
      }
      return [...known];
    },
  };
}

/** A text of at most `max` characters. */
export function text(max: number): Kind<string> {
  return { allowed: `text of 1 to ${max} characters`, parse: (given, refuse) => (given.length <= max ? given : refuse()) };
}

/** Text that matches a pattern; the pattern is built when the first value is checked, and never for a variable that is not set. */
export function textLike(allowed: string, pattern: () => RegExp): Kind<string> {
  return { allowed, parse: (given, refuse) => (pattern().test(given) ? given : refuse()) };
}

/** A URL that may hold a password. */
export function url(...schemes: readonly string[]): Kind<string> {
  return {
    allowed: `a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    secret: true,
    parse: (given, refuse) => (hasScheme(given, schemes) ? given : refuse()),
  };
}

/**
 * An address as pg reads it: the host may be left out if there is a user (`postgres://user:password@/database?host=/directory`),
 * which no other parser accepts as a URL.
 */
export const postgresUrl: Kind<string> = {
  allowed:
    'a URL that starts with postgres:// or postgresql://, with @ : / ? # % in its user and password percent-encoded; it may name several hosts, separated by commas, and set target_session_attrs to any, read-write or primary',
  secret: true,
  parse: (given, refuse) => {
    const several = postgresHosts(given);
    if (several === 'invalid') return refuse();
    return hasScheme((several?.connectionString ?? given).replace('@/', '@localhost/'), ['postgres', 'postgresql']) ? given : refuse();
  },
};

/** URLs that may hold passwords, separated by commas. */
export function urls(...schemes: readonly string[]): Kind<readonly string[]> {
  return {
    allowed: `one or more URLs separated by commas, each of which starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    secret: true,
    parse: (given, refuse) => {
      const each = items(given);
      return each.length > 0 && each.every((item) => hasScheme(item, schemes)) ? each : refuse();
    },
  };
}

function hasScheme(given: string, schemes: readonly string[]): boolean {
  return URL.canParse(given) && schemes.includes(new URL(given).protocol.slice(0, -1));
}

/** A secret that is sent in a header: a space would end it there, and non-ASCII characters would arrive as other bytes. */
export function token(min: number, max: number): Kind<string> {
  return {
    allowed: `${min} to ${max} visible ASCII characters, without spaces`,
    secret: true,
    parse: (given, refuse) => (given.length >= min && given.length <= max && /^[!-~]+$/.test(given) ? given : refuse()),
  };
}

/** That of `node:path`, which a version of Node that is too old for us does not give, while the package must still load there. */
const FOLDER_SEPARATOR = process.platform === 'win32' ? ';' : ':';

/** Absolute paths. Windows has colons in them. */
export const folders: Kind<readonly string[]> = {
  allowed: `absolute paths of folders, separated by ${FOLDER_SEPARATOR}`,
  parse: (given, refuse) => {
    const paths = given.split(FOLDER_SEPARATOR).filter((path) => path.trim() !== '');
    return paths.length > 0 && paths.every((path) => isAbsolute(path)) ? paths : refuse();
  },
};

export const hostNames: Kind<readonly string[]> = {
  allowed: 'host names separated by commas, without scheme or port',
  parse: (given, refuse) => {
    const hosts = items(given.toLowerCase());
    return hosts.length > 0 && hosts.every((host) => /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:]+\])$/.test(host)) ? hosts : refuse();
  },
};

/** `name=word` pairs separated by commas. Any item that does not have that form is reported and ignored. */
export function wordsByName<const Word extends string>(words: readonly Word[]): Kind<Readonly<Record<string, Word>>> {
  const pair = `name=word, where word is one of ${words.join(', ')}`;
  return {
    words,
    allowed: `items separated by commas, each ${pair}`,
    parse: (given, refuse) => {
      const found: Record<string, Word> = {};
      for (const item of items(given)) {
        const [name = '', value = ''] = item.split('=', 2).map((part) => part.trim());
        const word = words.find((each) => each === value.toLowerCase());
        if (name === '' || word === undefined) refuse({ given: quoted(item), allowed: pair });
        else found[name] = word;
      }
      return found;
    },
  };
}

/** The items between commas, trimmed and without empty ones. */
export function items(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Returns a value as messages show it. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
