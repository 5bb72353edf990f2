import { expect, it } from 'vitest';
import { performanceRows } from '../../../../../src/handoff/monitoring/measurements/rows.js';

// The column is a UUID: one row with anything else made the database refuse the batch, and every later one behind it.
it.each([
  ['a3bb189e-8bf9-4888-9912-ace4e6543002', 'a3bb189e-8bf9-4888-9912-ace4e6543002'],
  ['session-1', null],
  [undefined, null],
])('a row names the session %s as %s', (sessionId, expected) => {
  const sample = { kind: 'slow', subject: 'operation', name: 'work', durationMs: 3000, sessionId, atMs: 1 } as const;
  const rows = performanceRows({ startMs: 0, endMs: 1, summaries: [], samples: [sample], samplesOmitted: 0 });
  expect(rows.map((row) => row.sessionId)).toEqual([expected]);
});
