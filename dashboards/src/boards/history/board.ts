import { boards } from '../../boardList.js';
import type { BoardSpec } from '../../panels/spec.js';
import { coreVariables, sources } from '../../panels/variables.js';
import { contextRow } from './context.js';
import { figuresRow } from './figures.js';
import { handoffsRow } from './handoffs.js';
import { loadRow } from './load.js';
import { sessionsRow } from './sessions.js';

const DAYS = 90;

/** What the rollups of a handoff server keep, for times of which Prometheus no longer knows. It asks the database of that server. */
export function historyBoard(): BoardSpec {
  return {
    identity: boards.history,
    variables: [...coreVariables(), sources.postgres],
    rows: [figuresRow(), sessionsRow(), handoffsRow(), contextRow(), loadRow()],
    hours: 24 * DAYS,
  };
}
