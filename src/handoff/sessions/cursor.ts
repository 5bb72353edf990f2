import { InvalidCursorError } from '../../errors/invalidCursorError.js';

/** Position in a listing of sessions: the last row seen. Opaque to callers. */
export interface SessionCursor {
  /** Microseconds since the epoch, as digits: a Date would round, and so skip or repeat rows. */
  readonly createdAtUs: string;
  readonly id: string;
}

/** Sixteen digits reach the year 2286, and every such number is a time PostgreSQL can hold. */
const CREATED_AT_US = /^\d{1,16}$/;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function encodeCursor({ createdAtUs, id }: SessionCursor): string {
  return Buffer.from(`${createdAtUs}|${id}`).toString('base64url');
}

/** @throws InvalidCursorError when `cursor` was not made by `encodeCursor`. */
export function decodeCursor(cursor: string): SessionCursor {
  const [createdAtUs = '', id = '', ...rest] = Buffer.from(cursor, 'base64url').toString('utf8').split('|');
  if (rest.length > 0 || !CREATED_AT_US.test(createdAtUs) || !ID.test(id)) throw new InvalidCursorError();
  return { createdAtUs, id };
}
