import { FIRST_ID } from './keyset.js';

/** Entries of a session from which on its numbers are still to be looked at. */
export interface LongSession {
  readonly id: string;
  /** There is no gap up to this number. */
  readonly upTo: number;
}

/** How far the integrity sweep has come. */
export interface IntegrityPosition {
  /** Sessions up to this id have been looked at. */
  readonly after: string;
  /** Sessions among them with more entries than one look takes. */
  readonly long: readonly LongSession[];
}

const LONG = /^([0-9a-f-]{36}):(\d+)$/;

/** Reads `<id> <id>:<number> <id>:<number> ...`. What is no position leads to the beginning: looking twice does no harm. */
export function parsePosition(text: string): IntegrityPosition {
  const [after = '', ...others] = text.split(' ');
  if (after.length !== FIRST_ID.length) return { after: FIRST_ID, long: [] };
  const long = others.flatMap((other) => {
    const [, id, upTo] = LONG.exec(other) ?? [];
    return id === undefined ? [] : [{ id, upTo: Number(upTo) }];
  });
  return { after, long };
}

export function positionText({ after, long }: IntegrityPosition): string {
  return [after, ...long.map(({ id, upTo }) => `${id}:${upTo}`)].join(' ');
}
