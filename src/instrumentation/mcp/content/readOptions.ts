import { isMapping } from '../../../values/guards.js';
import type { ConfigProblem } from '../../../errors/configError.js';
import type { CaptureOptions } from './options.js';

/** Checked options with defaults applied. */
export interface CheckedOptions {
  readonly arguments: boolean;
  readonly results: boolean;
  readonly promptVariables: boolean;
  readonly sizes: boolean;
  readonly errorMessages: boolean;
  readonly redactEmails: boolean;
  readonly maxBytes: number;
  readonly redactKeys: readonly string[];
  /** Our own copies: global, never sticky. */
  readonly redactPatterns: readonly RegExp[];
  readonly allow: ReadonlySet<string> | undefined;
  readonly deny: ReadonlySet<string>;
}

const SWITCHES = ['arguments', 'results', 'promptVariables', 'sizes', 'errorMessages', 'redactEmails'] as const;
const KNOWN: ReadonlySet<string> = new Set<keyof CaptureOptions>([...SWITCHES, 'maxBytes', 'redactKeys', 'redactPatterns', 'tools']);

const DEFAULT_MAX_BYTES = 4096;
const MIN_MAX_BYTES = 64;
const MAX_MAX_BYTES = 65_536;

/**
 * Reads options once, at setup. If anything is unusable, it returns problems and no options: a misspelt protection must
 * not result in no protection, so nothing may be captured then. Throws only what getters of `options` throw.
 */
export function readCaptureOptions(options: CaptureOptions): {
  readonly checked: CheckedOptions | undefined;
  readonly problems: readonly ConfigProblem[];
} {
  const problems: ConfigProblem[] = [];
  function take<T>(key: string, given: unknown, fallback: T, isUsable: (value: unknown) => boolean, allowed: string): T {
    if (given === undefined) return fallback;
    if (isUsable(given)) return given as T;
    problems.push({ key: `capture.${key}`, given: shown(given), allowed });
    return fallback;
  }
  const given: Readonly<Record<string, unknown>> = { ...options };
  for (const key of Object.keys(given)) take(key, given[key], undefined, () => KNOWN.has(key), `one of ${[...KNOWN].join(', ')}`);
  const tools = take<Readonly<Record<string, unknown>>>('tools', given['tools'], {}, isMapping, 'an object with allow or deny');
  const flag = (key: (typeof SWITCHES)[number]): boolean =>
    take(key, given[key], false, (value) => typeof value === 'boolean', 'true or false');
  const names = (key: string, value: unknown): readonly string[] | undefined =>
    take(key, value, undefined, isTexts, 'a list of non-empty strings');
  const allow = names('tools.allow', tools['allow']);
  const patterns = take<readonly unknown[]>('redactPatterns', given['redactPatterns'], [], Array.isArray, 'a list of regular expressions');
  const usable = patterns.map((pattern) => take('redactPatterns', pattern ?? null, /$^/, isPattern, 'regular expressions'));
  const checked: CheckedOptions = {
    arguments: flag('arguments'),
    results: flag('results'),
    promptVariables: flag('promptVariables'),
    sizes: flag('sizes'),
    errorMessages: flag('errorMessages'),
    redactEmails: flag('redactEmails'),
    maxBytes: take(
      'maxBytes',
      given['maxBytes'],
      DEFAULT_MAX_BYTES,
      isByteCount,
      `whole number of bytes from ${MIN_MAX_BYTES} to ${MAX_MAX_BYTES}`,
    ),
    redactKeys: names('redactKeys', given['redactKeys']) ?? [],
    redactPatterns: usable.map(({ source, flags }) => new RegExp(source, `g${flags.replace(/[gy]/g, '')}`)),
    allow: allow === undefined ? undefined : new Set(allow),
    deny: new Set(names('tools.deny', tools['deny'])),
  };
  return { checked: problems.length === 0 ? checked : undefined, problems };
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
}

function isPattern(value: unknown): boolean {
  return value instanceof RegExp;
}

function isByteCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= MIN_MAX_BYTES && value <= MAX_MAX_BYTES;
}

/** Does not show the contents of a list or an object: they may include what someone wants hidden. */
function shown(value: unknown): string {
  if (value instanceof RegExp || typeof value === 'number' || typeof value === 'boolean') return String(value).slice(0, 80);
  return Array.isArray(value) ? 'a list' : typeof value;
}
