import { boards } from '../../boardList.js';
import { cachePanels } from '../../panels/cache.js';
import type { BoardSpec } from '../../panels/spec.js';
import { coreVariables } from '../../panels/variables.js';
import { figuresRow } from './figures.js';
import { errorsRow, operationsRow, systemsRow } from './operations.js';
import { poolsRow } from './pools.js';

/** What a process does with PostgreSQL and Redis, as it sees it. */
export function databasesBoard(): BoardSpec {
  const cache = { title: 'Cache of a handoff server', panels: cachePanels() };
  return {
    identity: boards.databases,
    variables: coreVariables(),
    rows: [figuresRow(), systemsRow(), operationsRow(), errorsRow(), poolsRow(), cache],
    hours: 3,
  };
}
