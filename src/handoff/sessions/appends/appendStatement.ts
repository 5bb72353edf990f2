import { sessionOperations } from '../../../telemetry/catalogue/sessions.js';
import type { Queryable } from '../../storage/database.js';
import { despiteLostRaces } from '../lostRace.js';
import { outcomesOf } from '../sharing/sharedCall.js';
import type { QueuedStatement } from '../sharing/statementQueue.js';
import { insertEntries } from '../sql/insertEntries.js';
import type { InsertEntriesRow } from '../sql/insertEntries.js';
import { insertEntry } from '../sql/insertEntry.js';
import type { InsertEntryRow } from '../sql/insertEntry.js';
import type { Append } from './append.js';

/** How entries are added. A call for an unknown session has no row. */
export function appendStatement(database: Queryable): QueuedStatement<Append, InsertEntryRow> {
  return {
    operation: sessionOperations.appendTogether.name,
    mostTogether: 64,
    send: async (appends) => outcomesOf(appends.length, await database.query<InsertEntriesRow>(insertEntries, valuesOf(appends))),
    // An earlier server that numbers the same session without our counter can take a number first; the next attempt sees its row.
    sendAlone: async ({ sessionKey, contextType, content, metadata, agent, traceparent }) => {
      const values = [sessionKey, contextType, content, metadata, agent, traceparent];
      const [row] = await despiteLostRaces(() => database.query<InsertEntryRow>(insertEntry, values));
      return row;
    },
  };
}

function valuesOf(appends: readonly Append[]): readonly unknown[] {
  const column = (name: Exclude<keyof Append, 'scope'>): unknown[] => appends.map((append) => append[name]);
  return [column('sessionKey'), column('contextType'), column('content'), column('metadata'), column('agent'), column('traceparent')];
}
