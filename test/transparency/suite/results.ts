import { globSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/** One thing the suite looked at. */
export interface Check {
  readonly id: string;
  readonly status: string;
  readonly [field: string]: unknown;
}

/** What was found out in each scenario, by its name. */
export type Results = ReadonlyMap<string, readonly Check[]>;

export type Side = 'server' | 'client';

/** Reads what the suite's `-o` wrote: `<scenario>-<time>/checks.json`, with `server-` before it on that side. */
export function readResults(folder: string, side: Side): Results {
  const results = new Map<string, readonly Check[]>();
  const prefix = side === 'server' ? /^server-/ : /^/;
  for (const file of globSync('**/checks.json', { cwd: folder }).sort()) {
    const scenario = dirname(file)
      .split(sep)
      .join('/')
      .replace(prefix, '')
      .replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');
    results.set(scenario, JSON.parse(readFileSync(join(folder, file), 'utf8')) as Check[]);
  }
  return results;
}

/** What no two runs share, and what is made of it; every rule names what it covers. */
const RANDOM: readonly (readonly [RegExp, string])[] = [
  [/\b(localhost|127\.0\.0\.1):\d{2,5}/g, '$1:<port>'],
  [/(?<=-)\d{13}\b/g, '<ms>'],
  [/\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g, '<date>'],
  [/\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/g, '<uuid>'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<jwt>'],
];
/** Random by their nature, or derived from a text that holds a port or a token. */
const RANDOM_FIELDS = new Set([
  'timestamp',
  'etag',
  'content-length',
  'code_challenge',
  'code_verifier',
  'storedChallenge',
  'computedChallenge',
  'state',
  'actualDelayMs',
]);
const TRACE_KEYS = ['traceparent', 'tracestate', 'baggage'];

/** A check as it is the same in every run. What an instrumented sender adds to `_meta`, and what held nothing else, is taken out. */
export function normalise(value: unknown): unknown {
  if (typeof value === 'string') return RANDOM.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), value);
  if (Array.isArray(value)) return value.map(normalise);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, field]): [string, unknown] => [
    key,
    RANDOM_FIELDS.has(key) ? '<random>' : normalise(field),
  ]);
  return withoutTraceKeys(Object.fromEntries(entries));
}

function withoutTraceKeys(fields: Record<string, unknown>): Record<string, unknown> {
  const { _meta, ...rest } = fields;
  if (typeof _meta === 'object' && _meta !== null) {
    const kept = Object.entries(_meta).filter(([key]) => !TRACE_KEYS.includes(key));
    return kept.length > 0 ? { ...rest, _meta: Object.fromEntries(kept) } : rest;
  }
  const { params, ...others } = fields;
  const isEmpty = typeof params === 'object' && params !== null && Object.keys(params).length === 0;
  return isEmpty ? others : fields;
}
