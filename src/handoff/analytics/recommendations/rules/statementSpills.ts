import type { Rule } from '../rule.js';

const LEAST_CALLS = 20;
const LEAST_BYTES = 1_048_576;
const MOST_WORK_MEMORY = 256 * 1_048_576;

export const statementSpills: Rule = {
  code: 'statement_spills',
  title: 'A statement sorts or hashes on disk, because work_mem is too small for it',
  severity: 'info',
  needs: ['statements'],
  when: `a statement with ${LEAST_CALLS} calls or more wrote ${LEAST_BYTES} bytes or more of temporary files per call, and a work_mem with room for them would be at most ${MOST_WORK_MEMORY} bytes`,
  source: 'ours: each connection may use work_mem several times, so larger values are not safe to recommend',
  find: ({ statements = [] }) => {
    const [worst] = statements
      .filter(({ calls, temporaryBytesPerCall }) => calls >= LEAST_CALLS && temporaryBytesPerCall >= LEAST_BYTES)
      .toSorted((a, b) => b.temporaryBytesPerCall - a.temporaryBytesPerCall);
    if (worst === undefined) return [];
    const { id, calls, temporaryBytesPerCall, workMemoryBytes, from, to } = worst;
    // In memory the same rows take about twice as much as in a file.
    const wanted = 2 ** Math.ceil(Math.log2(workMemoryBytes + 2 * temporaryBytesPerCall));
    if (wanted > MOST_WORK_MEMORY) return [];
    return [
      {
        subject: `queryid ${id}`,
        evidence: [
          { name: 'calls', value: calls, unit: 'calls', from, to },
          { name: 'temporary files written per call', value: Math.round(temporaryBytesPerCall), unit: 'bytes', from, to },
          { name: 'work_mem', value: workMemoryBytes, unit: 'bytes', from: to, to },
        ],
        expectedEffect: 'The statement works in memory and writes no temporary files.',
        change: {
          kind: 'sql',
          text: `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''${wanted / 1024}kB''', current_database()); END $$;`,
        },
        howToCheck: `For connections that are opened afterwards, temp_blks_written of queryid ${id} in pg_stat_statements stops rising.`,
      },
    ];
  },
};
