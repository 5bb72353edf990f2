import { lifecycleLimits } from '../../telemetry/catalogue/objectives.js';
import { retentionEvents, retentionOperations } from '../../telemetry/catalogue/retention.js';
import type { StoragePart } from '../../telemetry/catalogue/retention.js';
import { ATTR_EVENT_NAME } from '../../telemetry/semconv.js';
import type { RetentionDependencies } from './dependencies.js';
import { recordStorage } from './recordStorage.js';
import { listPolicies } from './sql/listPolicies.js';
import { toPolicy } from './sql/policyColumns.js';
import type { PolicyRow } from './sql/policyColumns.js';
import { MEASURED_TABLES, keepSample, readDatabaseSize, readGrowth, readPolicyUse, readRelations } from './sql/storage.js';
import type { GrowthRow, PolicyUseRow, RelationRow } from './sql/storage.js';
import { sizesOfParts } from './storageParts.js';
import { suggestChanges } from './suggestions.js';
import type { Suggestion } from './suggestions.js';

/** What is stored, how fast it grows, and what would make it smaller. Sizes in bytes. */
export interface StorageReport {
  readonly takenAt: Date;
  readonly tables: readonly TableSize[];
  readonly archive: { readonly objects: number; readonly bytes: number };
  /** The whole database, with everything that is in it. */
  readonly databaseBytes: number;
  /** Database and archive. */
  readonly totalBytes: number;
  readonly parts: readonly PartSize[];
  /** Growth of the total; `null` until samples span six hours. */
  readonly growthBytesPerDay: number | null;
  /** From `HANDOFF_STORAGE_LIMIT_BYTES`; `null` if none is set. */
  readonly limitBytes: number | null;
  /** Days until the limit is reached at this growth; `null` if it is not, or if it is unknown. */
  readonly daysLeft: number | null;
  /** Whether 85 % of the limit are used, or 14 days or fewer are left. */
  readonly nearLimit: boolean;
  /** Changes of policies that would free storage, largest first. */
  readonly suggestions: readonly Suggestion[];
}

export interface TableSize {
  readonly table: string;
  /** Present for a partition of the table. */
  readonly partition?: string;
  readonly tableBytes: number;
  readonly indexBytes: number;
  /** An estimate; `null` before the database has counted. */
  readonly rows: number | null;
}

export interface PartSize {
  readonly part: StoragePart;
  readonly bytes: number;
  readonly growthBytesPerDay: number | null;
}

const NEAR_DAYS = 14;

/** Measures the storage, keeps an hourly sample of it, and warns when its limit is near. */
export function storageReport(deps: RetentionDependencies): Promise<StorageReport> {
  return deps.observe(retentionOperations.storageReport.name, {}, async () => {
    const { database } = deps;
    const [size] = await database.query<{ readonly bytes: number; readonly at: Date }>(readDatabaseSize);
    if (size === undefined) throw new Error('SELECT gave no row');
    const relations = await database.query<RelationRow>(readRelations, [[...MEASURED_TABLES]]);
    const use = await database.query<PolicyUseRow>(readPolicyUse);
    const policies = (await database.query<PolicyRow>(listPolicies)).map(toPolicy);
    const archive = { objects: sum(use, 'objects'), bytes: sum(use, 'archive_bytes') };
    const sizes = sizesOfParts(relations, size.bytes, archive.bytes);
    await database.query(keepSample, [[...sizes.keys()], [...sizes.values()]]);
    const growth = new Map((await database.query<GrowthRow>(readGrowth)).map((row) => [row.part, row.bytes_per_day]));
    const parts = [...sizes].map(([part, bytes]) => ({ part, bytes, growthBytesPerDay: growth.get(part) ?? null }));
    const report: StorageReport = {
      takenAt: size.at,
      tables: relations.map(toTableSize),
      archive,
      databaseBytes: size.bytes,
      parts,
      ...outlook(size.bytes + archive.bytes, parts, deps.storageLimitBytes ?? null),
      suggestions: suggestChanges({ policies, use, relations, nowMs: size.at.getTime() }),
    };
    recordStorage(deps, sizes);
    warn(deps, report);
    return report;
  });
}

/** Returns what the sizes mean for the limit. Pure. */
export function outlook(
  totalBytes: number,
  parts: readonly Pick<PartSize, 'growthBytesPerDay'>[],
  limitBytes: number | null,
): Pick<StorageReport, 'totalBytes' | 'growthBytesPerDay' | 'limitBytes' | 'daysLeft' | 'nearLimit'> {
  const known = parts.flatMap(({ growthBytesPerDay }) => (growthBytesPerDay === null ? [] : [growthBytesPerDay]));
  const growthBytesPerDay = known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
  const daysLeft =
    limitBytes === null || growthBytesPerDay === null || growthBytesPerDay <= 0
      ? null
      : Math.max(0, limitBytes - totalBytes) / growthBytesPerDay;
  const nearLimit =
    limitBytes !== null && (totalBytes >= lifecycleLimits.storageShare * limitBytes || (daysLeft !== null && daysLeft <= NEAR_DAYS));
  return { totalBytes, growthBytesPerDay, limitBytes, daysLeft, nearLimit };
}

function warn({ log }: RetentionDependencies, report: StorageReport): void {
  const { totalBytes, limitBytes, daysLeft, nearLimit, suggestions } = report;
  if (!nearLimit) return;
  const advice = suggestions.map(({ text }) => text);
  log.warn(
    { [ATTR_EVENT_NAME]: retentionEvents.nearLimit.name, totalBytes, limitBytes, daysLeft, suggestions: advice },
    'Storage is near its limit: raise HANDOFF_STORAGE_LIMIT_BYTES with the disk, or change the policies as suggested.',
  );
}

function sum(rows: readonly PolicyUseRow[], key: 'objects' | 'archive_bytes'): number {
  return rows.reduce((total, row) => total + row[key], 0);
}

function toTableSize({ table, partition, table_bytes: tableBytes, index_bytes: indexBytes, rows }: RelationRow): TableSize {
  return { table, ...(partition === null ? {} : { partition }), tableBytes, indexBytes, rows };
}
