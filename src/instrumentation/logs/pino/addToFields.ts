import { FIELD_TRACE_ID } from '../../../logging/logFields.js';
import { hasWritten } from './pinoInternals.js';
import type { PinoFormatters } from './pinoInternals.js';

/** What the host gave as `formatters.log`, by what stands in for it. */
const originals = new WeakMap<object, NonNullable<PinoFormatters['log']>>();

/**
 * Adds `fields` to what a logger's `formatters.log` makes of the fields of the next line, unless that adds trace fields by itself: only
 * then it is known whether it does. Returns a function that puts the host's own function back; `undefined` if it could not be replaced.
 */
export function addToFields(formatters: PinoFormatters, fields: Readonly<Record<string, string>>): (() => void) | undefined {
  const { log: before } = formatters;
  if (before === undefined) return undefined;
  // Lines nest when a serializer logs, and a logger that is made meanwhile keeps what it finds.
  const original = originals.get(before) ?? before;
  let isActive = true;
  const log = function log(this: unknown, ...given: unknown[]): unknown {
    const made: unknown = Reflect.apply(original, this, given);
    return !isActive || hasWritten(made, FIELD_TRACE_ID) ? made : { ...(made as object | undefined), ...fields };
  };
  if (!Reflect.set(formatters, 'log', log)) return undefined;
  originals.set(log, original);
  return () => {
    isActive = false;
    Reflect.set(formatters, 'log', before);
  };
}
