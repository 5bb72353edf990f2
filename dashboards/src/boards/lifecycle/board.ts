import { boards } from '../../boardList.js';
import type { BoardSpec } from '../../panels/spec.js';
import { coreVariables, sources } from '../../panels/variables.js';
import { anomaliesRow } from './anomalies.js';
import { archiveRow } from './archive.js';
import { codebaseRow } from './codebase.js';
import { figuresRow } from './figures.js';
import { handoffsRow } from './handoffs.js';
import { jobsRow, queueRow } from './jobs.js';
import { retentionRow, storageRow } from './retention.js';
import { rollupsRow } from './rollups.js';
import { statesRow, sweepsRow } from './sweeps.js';
import { tracesRow } from './traces.js';

/** Handoff servers only: what happens to sessions without an agent's doing. */
export function lifecycleBoard(): BoardSpec {
  return {
    identity: boards.lifecycle,
    variables: [...coreVariables(), sources.tempo],
    rows: [
      figuresRow(),
      sweepsRow(),
      statesRow(),
      jobsRow(),
      queueRow(),
      archiveRow(),
      retentionRow(),
      storageRow(),
      rollupsRow(),
      anomaliesRow(),
      handoffsRow(),
      codebaseRow(),
      tracesRow(),
    ],
    hours: 24,
  };
}
