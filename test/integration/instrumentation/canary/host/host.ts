import { inspect } from 'node:util';
import type pg from 'pg';
import type * as Ioredis from 'ioredis';
import type * as Pino from 'pino';
import type { Instrumentation } from '../../../../../src/instrumentation/handle.js';
import { secretOf } from '../secret.js';

/** What we use of pg-cursor, which brings no types. */
export type CursorClass = new (
  sql: string,
  values?: readonly unknown[],
) => pg.Submittable & { read(rows: number): Promise<readonly unknown[]> };

/** What a program hands to the places: libraries as it loaded them, and our handle. */
export interface Libraries {
  readonly pg: typeof pg;
  readonly Cursor: CursorClass;
  readonly Redis: typeof Ioredis.Redis;
  readonly pino: typeof Pino.pino;
  readonly handle: Instrumentation;
}

/** Told to the test, by the host's own channel. */
export type Report =
  | { readonly kind: 'canary'; readonly place: string; readonly secret: string; readonly isIn: boolean; readonly evidence: string }
  | { readonly kind: 'exhibit'; readonly where: string; readonly text: string };

export function tell(report: Report): void {
  process.send?.(report);
}

/** Puts the secret of a place there. What `use` resolves to must show it: proof that it was really in. */
export async function put(place: string, use: (secret: string) => unknown, secret = secretOf(place)): Promise<void> {
  const evidence = inspect(await attempt(() => use(secret)), {
    depth: 8,
    maxStringLength: null,
    maxArrayLength: null,
    showHidden: true,
    breakLength: Number.POSITIVE_INFINITY,
  });
  tell({ kind: 'canary', place, secret, isIn: evidence.includes(secret), evidence: evidence.slice(0, 500) });
}

/** The result, or what was thrown. */
export async function attempt(run: () => unknown): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    return error;
  }
}
