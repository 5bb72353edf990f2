import { boards } from '../../boardList.js';
import type { BoardSpec } from '../../panels/spec.js';
import { coreVariables } from '../../panels/variables.js';
import { eventLoopRow } from './loop.js';
import { collectionsRow, heapRow } from './memory.js';
import { processesRow } from './processes.js';

/** What the process has to work with: its loop, its heap, its versions. */
export function runtimeBoard(): BoardSpec {
  return {
    identity: boards.runtime,
    variables: coreVariables(),
    rows: [eventLoopRow(), heapRow(), collectionsRow(), processesRow()],
    hours: 3,
  };
}
