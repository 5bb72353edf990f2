import { domains } from '../telemetry/catalogue/domains.js';
import { componentOf } from './levels.js';

/** The components of all records that this package writes, in alphabetical order. */
export function logComponents(): readonly string[] {
  const names = domains.flatMap(({ events = [], operations = [] }) => [...events, ...operations].map(({ name }) => componentOf(name)));
  return [...new Set(names)].toSorted();
}
