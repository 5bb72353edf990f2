import type { Statement } from './database.js';

/** Words of statements that change something, take a lock, or may call a function that does. */
const MAY_CHANGE =
  /\b(?:(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE|CREATE|ALTER|DROP|CALL|DO|COPY|LOCK|SHARE|INTO|nextval|setval|set_config|pg_notify|pg_\w*lock\w*|pg_terminate_backend|pg_cancel_backend)\b|handoff_\w+\s*\()/i;

const known = new Map<string, boolean>();

/**
 * Whether one of our statements only reads, so that it may be sent again after the connection broke and nobody knows whether it ran.
 * In doubt it does not: a column named `update` costs no more than the repetition.
 */
export function onlyReads({ name, text }: Statement): boolean {
  let answer = known.get(name);
  if (answer === undefined) {
    answer = /^\s*(?:SELECT|WITH)\b/i.test(text) && !MAY_CHANGE.test(text);
    known.set(name, answer);
  }
  return answer;
}
