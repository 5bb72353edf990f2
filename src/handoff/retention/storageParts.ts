import { storageParts } from '../../telemetry/catalogue/retention.js';
import type { StoragePart } from '../../telemetry/catalogue/retention.js';
import type { RelationRow } from './sql/storage.js';

const PART_OF_TABLE: Readonly<Record<string, StoragePart>> = {
  sessions: 'sessions',
  session_past_agents: 'sessions',
  session_archives: 'sessions',
  context_history: 'context',
  codebase_snapshots: 'context',
  handoff_requests: 'context',
  session_lifecycle: 'logs',
  performance_logs: 'logs',
  system_metrics: 'metrics',
  analytics_aggregations: 'metrics',
};

/** Adds tables up to the parts that policies act on. `other` is the rest of the database: the job queue, small tables, and your own. */
export function sizesOfParts(
  relations: readonly RelationRow[],
  databaseBytes: number,
  archiveBytes: number,
): ReadonlyMap<StoragePart, number> {
  const sizes = new Map<StoragePart, number>(storageParts.map((part) => [part, 0]));
  let known = 0;
  for (const { table, table_bytes: tableBytes, index_bytes: indexBytes } of relations) {
    const part = PART_OF_TABLE[table];
    if (part === undefined) continue;
    sizes.set(part, (sizes.get(part) ?? 0) + tableBytes + indexBytes);
    known += tableBytes + indexBytes;
  }
  sizes.set('archive', archiveBytes);
  return sizes.set('other', Math.max(0, databaseBytes - known));
}
