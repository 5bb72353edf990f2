import { isModern } from '../cells/cell.js';
import type { Cell } from '../cells/cell.js';
import { legacyOnly, modernOnly } from './case.js';
import type { Case } from './case.js';
import { endingCases, modernCases } from './endingCases.js';
import { notificationCases } from './notificationCases.js';
import { plainCases } from './plainCases.js';
import { serverCases, taskCases } from './serverCases.js';

/** Under this label travels what connecting makes travel. */
export const CONNECT = 'connect';

const nothing = (): Promise<void> => Promise.resolve();

const connectCases: readonly Case[] = [
  { label: CONNECT, method: 'initialize', sender: 'client', absent: legacyOnly, run: nothing },
  { label: CONNECT, method: 'notifications/initialized', sender: 'client', absent: legacyOnly, run: nothing },
  { label: CONNECT, method: 'server/discover', sender: 'client', absent: modernOnly, run: nothing },
];

/** A client cancels by a message, except over HTTP in 2026-07-28. */
const cancelledByClient: Case = {
  label: 'tools/call cancelled by the client',
  method: 'notifications/cancelled',
  sender: 'client',
  absent: (cell) =>
    isModern(cell.sdk) && cell.table === 'streamable-http' ? 'over HTTP 2026-07-28 cancels by closing the stream' : undefined,
  run: nothing,
};

/** The traffic of every cell, in order; cases without a `run` of their own look at what another case made travel. */
const cases: readonly Case[] = [
  ...connectCases,
  ...plainCases,
  ...modernCases,
  ...notificationCases,
  ...serverCases,
  ...taskCases,
  ...endingCases,
  cancelledByClient,
];

export function casesOf(cell: Cell): {
  readonly present: readonly Case[];
  readonly absent: readonly { readonly case: Case; readonly reason: string }[];
} {
  const present: Case[] = [];
  const absent: { case: Case; reason: string }[] = [];
  for (const each of cases) {
    const reason = each.absent?.(cell);
    if (reason === undefined) present.push(each);
    else absent.push({ case: each, reason });
  }
  return { present, absent };
}
