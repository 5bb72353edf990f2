import { boards } from '../../boardList.js';
import type { BoardSpec } from '../../panels/spec.js';
import { coreVariables } from '../../panels/variables.js';
import { answersRow } from './answers.js';
import { contextRow } from './context.js';
import { edgesRow } from './edges.js';
import { figuresRow } from './figures.js';
import { operationsRow, outcomesRow } from './handoffs.js';

/** Handoff servers only: what agents do with sessions. */
export function businessBoard(): BoardSpec {
  return {
    identity: boards.business,
    variables: coreVariables(),
    rows: [figuresRow(), outcomesRow(), answersRow(), contextRow(), operationsRow(), edgesRow()],
    hours: 6,
  };
}
