import { sessionOperations } from '../../../telemetry/catalogue/sessions.js';
import type { OperationScope } from '../../../telemetry/observe.js';
import type { Queryable } from '../../storage/database.js';
import type { SharedCall } from '../sharing/sharedCall.js';
import { outcomesOf } from '../sharing/sharedCall.js';
import { StatementQueue } from '../sharing/statementQueue.js';
import type { QueuedStatement, StatementQueueDependencies } from '../sharing/statementQueue.js';
import { readHandoffState, readHandoffStates } from '../sql/readHandoffState.js';
import type { HandoffStateRow, HandoffStatesRow } from '../sql/readHandoffState.js';
import { writeHandoff, writeHandoffs } from '../sql/writeHandoff.js';
import type { HandoffValues, WriteHandoffRow, WriteHandoffsRow } from '../sql/writeHandoff.js';

/** Which part of a session's history is read for a handoff. */
export interface StateRequest {
  readonly sessionKey: string;
  /** The most bytes of a history that are read. */
  readonly maxBytes: number;
  /** Number of the entry after which it is read; null for all of it. */
  readonly after: number | null;
}

/** The two statements of a handoff. */
export interface HandoffStatements {
  /** Resolves with `undefined` for an unknown session. */
  read(request: StateRequest): Promise<HandoffStateRow | undefined>;
  /** Resolves with `undefined` if the session is no longer as it was read. */
  write(sessionKey: string, values: HandoffValues): Promise<WriteHandoffRow | undefined>;
}

/** Each statement by itself, on whatever it is given: the database, or a transaction. */
export function handoffStatements(queryable: Queryable): HandoffStatements {
  return {
    read: async ({ sessionKey, maxBytes, after }) => {
      const [row] = await queryable.query<HandoffStateRow>(readHandoffState, [sessionKey, maxBytes, after]);
      return row;
    },
    write: async (_sessionKey, values) => {
      const [row] = await queryable.query<WriteHandoffRow>(writeHandoff, values);
      return row;
    },
  };
}

interface Read extends SharedCall, StateRequest {}

interface Write extends SharedCall {
  readonly values: HandoffValues;
}

/** Enough to share the cost of a statement, and few enough for a statement of some milliseconds. */
const MOST_TOGETHER = 16;
/** What is longer is read by itself: the texts of all calls are in memory at a time, and short ones would wait for them. */
const MOST_SHARED_BYTES = 256 * 1024;
/** One for the database to work on, while this process makes the next. */
const MOST_AT_A_TIME = 2;

/**
 * Statements of handoffs that come in one turn of the event loop are sent together.
 *
 * Those that read all of a history are sent by themselves: making its text takes far longer than sending a statement, and texts of many
 * sessions at once would fill the memory of both sides.
 */
export class SharedHandoffStatements {
  readonly #alone: HandoffStatements;
  readonly #reads: StatementQueue<Read, HandoffStateRow>;
  readonly #writes: StatementQueue<Write, WriteHandoffRow>;

  constructor(deps: StatementQueueDependencies & { readonly database: Queryable }) {
    this.#alone = handoffStatements(deps.database);
    this.#reads = new StatementQueue(deps, readStatement(deps.database, this.#alone));
    this.#writes = new StatementQueue(deps, writeStatement(deps.database, this.#alone));
  }

  /** The statements for one handoff, which is observed in `scope`. */
  of(scope: OperationScope): HandoffStatements {
    return {
      read: (request) => (request.after === null ? this.#alone.read(request) : this.#reads.send({ ...request, scope })),
      write: (sessionKey, values) => this.#writes.send({ sessionKey, values, scope }),
    };
  }
}

function readStatement(database: Queryable, alone: HandoffStatements): QueuedStatement<Read, HandoffStateRow> {
  return {
    operation: sessionOperations.handoffTogether.name,
    mostTogether: MOST_TOGETHER,
    mostAtATime: MOST_AT_A_TIME,
    send: async (reads) => {
      const values = [
        reads.map(({ sessionKey }) => sessionKey),
        reads.map(({ maxBytes }) => Math.min(maxBytes, MOST_SHARED_BYTES)),
        reads.map(({ after }) => after),
      ];
      return outcomesOf(reads.length, await database.query<HandoffStatesRow>(readHandoffStates, values));
    },
    sendAlone: (read) => alone.read(read),
  };
}

function writeStatement(database: Queryable, alone: HandoffStatements): QueuedStatement<Write, WriteHandoffRow> {
  return {
    operation: sessionOperations.handoffTogether.name,
    mostTogether: MOST_TOGETHER,
    mostAtATime: MOST_AT_A_TIME,
    isOncePerSession: true,
    send: async (writes) => {
      const columns = (writes[0]?.values ?? []).map((_, index) => writes.map(({ values }) => values[index]));
      return outcomesOf(writes.length, await database.query<WriteHandoffsRow>(writeHandoffs, columns));
    },
    sendAlone: ({ sessionKey, values }) => alone.write(sessionKey, values),
  };
}
