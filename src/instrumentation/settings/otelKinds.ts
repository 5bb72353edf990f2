import type { Kind } from '../../variables/variable.js';
import { MAX_TIMER_MS } from './otlpTarget.js';

/** Parsed as OpenTelemetry JS does, which also accepts `1e+06`: Helm writes large numbers that way. */
export function whole(min: number, max: number, unit?: string): Kind<number> {
  return {
    allowed: `a whole number from ${min} to ${max}`,
    ...(unit === undefined ? {} : { unit }),
    parse: (text, refuse) => (Number.isInteger(Number(text)) && Number(text) >= min && Number(text) <= max ? Number(text) : refuse()),
  };
}

export const ratio: Kind<number> = {
  allowed: 'a number from 0 to 1',
  parse: (text, refuse) => (Number(text) >= 0 && Number(text) <= 1 ? Number(text) : refuse()),
};

/** OpenTelemetry's rule: only `true`, in any letter case, means true. */
export const onlyTrue: Kind<boolean> = {
  allowed: 'true or false',
  words: ['true', 'false'],
  parse: (text, refuse) => text.toLowerCase() === 'true' || (text.toLowerCase() === 'false' ? false : refuse()),
};

export const anyText: Kind<string> = { allowed: 'text', parse: (text) => text };
export const file: Kind<string> = { allowed: 'the path of a file', parse: (text) => text };
export const count = (min: number): Kind<number> => whole(min, 2 ** 31);
export const ms = (min: number): Kind<number> => whole(min, MAX_TIMER_MS, 'ms');
