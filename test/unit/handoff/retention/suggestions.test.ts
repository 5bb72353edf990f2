import { describe, expect, it } from 'vitest';
import { outlook } from '../../../../src/handoff/retention/storageReport.js';
import { sizesOfParts } from '../../../../src/handoff/retention/storageParts.js';
import { suggestChanges } from '../../../../src/handoff/retention/suggestions.js';
import type { Situation } from '../../../../src/handoff/retention/suggestions.js';

const nowMs = Date.parse('2026-06-15T00:00:00Z');
const policy = (name: string, logRetentionDays: number) => ({
  name,
  activeSessionTtl: 24,
  archivedSessionTtl: 30,
  logRetentionDays,
  metricsRetentionDays: 90,
  dormantThresholdHours: 2,
  updatedAt: new Date(nowMs),
  updatedBy: 'ann',
});
const relation = (table: string, tableBytes: number, before: string | null = null) => ({
  table,
  partition: before === null ? null : `${table}_x`,
  table_bytes: tableBytes,
  index_bytes: 10,
  rows: null,
  before: before === null ? null : new Date(before),
});
const situation: Situation = {
  nowMs,
  policies: [policy('standard', 7), policy('extended', 60)],
  use: [
    {
      policy: 'standard',
      live: 30,
      ended_by_half: 10,
      archived: 5,
      objects: 5,
      archive_bytes: 900,
      archive_bytes_deleted_by_half: 400,
    },
    { policy: 'extended', live: 10, ended_by_half: 0, archived: 0, objects: 0, archive_bytes: 0, archive_bytes_deleted_by_half: 0 },
  ],
  relations: [
    relation('context_history', 3990),
    relation('performance_logs', 5000, '2026-05-01'),
    relation('performance_logs', 6000, '2026-06-01'),
    relation('session_lifecycle', 700, '2026-05-01'),
    relation('performance_logs', 9000),
  ],
};

describe('suggested changes of policies', () => {
  it('are what halving each retention would free, largest first', () => {
    expect(suggestChanges(situation).map(({ text }) => text)).toEqual([
      // Two partitions lie wholly before 30 days ago, that is the 16th of May; one keeps June.
      'Lower logRetentionDays of policy extended from 60 to 30 days: frees about 5720 bytes.',
      // A quarter of the live sessions would leave 4000 bytes of context for an archive of a fifth of that.
      'Lower activeSessionTtl of policy standard from 24 to 12 hours: frees about 800 bytes.',
      'Lower archivedSessionTtl of policy standard from 30 to 15 days: frees about 400 bytes.',
    ]);
  });

  it('are none where nothing would be freed', () => {
    const empty = { ...situation, relations: [], use: [] };
    expect(suggestChanges(empty)).toEqual([]);
    const shortest = { ...situation, policies: [policy('standard', 1)], use: [] };
    expect(suggestChanges(shortest)).toEqual([]);
  });
});

describe('the outlook', () => {
  const parts = [{ growthBytesPerDay: 15 }, { growthBytesPerDay: -5 }, { growthBytesPerDay: null }];

  it.each([
    ['without a limit', 900, parts, null, { growthBytesPerDay: 10, daysLeft: null, nearLimit: false }],
    ['far from the limit', 500, parts, 1000, { growthBytesPerDay: 10, daysLeft: 50, nearLimit: false }],
    ['by the days left', 861, parts, 1001, { daysLeft: 14, nearLimit: true }],
    ['a little more than that', 840, parts, 1000, { daysLeft: 16, nearLimit: false }],
    ['by what is used', 850, [], 1000, { growthBytesPerDay: null, daysLeft: null, nearLimit: true }],
    ['above the limit', 1200, parts, 1000, { daysLeft: 0, nearLimit: true }],
    ['when it shrinks', 100, [{ growthBytesPerDay: -3 }], 1000, { growthBytesPerDay: -3, daysLeft: null, nearLimit: false }],
  ])('%s', (_, totalBytes, growth, limitBytes, expected) => {
    expect(outlook(totalBytes, growth, limitBytes)).toMatchObject({ totalBytes, limitBytes, ...expected });
  });
});

it('every byte of the database and the archive belongs to exactly one part', () => {
  const sizes = sizesOfParts(situation.relations, 100_000, 900);
  expect([...sizes].reduce((sum, [, bytes]) => sum + bytes, 0)).toBe(100_900);
  expect(Object.fromEntries(sizes)).toMatchObject({ sessions: 0, context: 4000, logs: 20_740, metrics: 0, archive: 900 });
});
