import { errorCode } from '../../errors/classify.js';
import { retentionOperations } from '../../telemetry/catalogue/retention.js';
import { ATTR_HANDOFF_PARTITION_CHANGE } from '../../telemetry/semconv.js';
import { everyStep } from '../resilience/everyStep.js';
import { backoffMs } from '../storage/backoff.js';
import type { RetentionDependencies } from './dependencies.js';
import { HELD_UP, createPartitions, deleteStrays, detachPartition, dropPartition, readCutoffs } from './sql/partitions.js';
import type { CutoffsRow, PartitionRow } from './sql/partitions.js';

export interface PartitionMaintenance {
  /** Partitions made for coming months. */
  readonly made: number;
  /** Names of the partitions that were dropped. */
  readonly dropped: readonly string[];
  /** Old rows deleted that were in no month's partition. */
  readonly strayRows: number;
  /** Steps that others held up for too long; the next maintenance does them. */
  readonly postponed: number;
}

const LOG_TABLES = ['session_lifecycle', 'system_metrics', 'performance_logs'] as const;
const MAX_TRIES = 6;
/** One statement deletes this many stray rows. */
const STRAY_BATCH = 10_000;

/**
 * Makes partitions ahead and drops those whose time has passed. Any number of processes may do this at once. What one table refuses (a
 * view of somebody's own on an old partition, a missing right) does not keep the others from their turn.
 */
export function maintainPartitions(deps: RetentionDependencies): Promise<PartitionMaintenance> {
  return deps.observe(retentionOperations.maintainPartitions.name, {}, async () => {
    const run = new Maintenance(deps);
    const [cutoffs] = await deps.database.query<CutoffsRow>(readCutoffs);
    const { logs = null, metrics = null } = cutoffs ?? {};
    try {
      await everyStep(
        [
          ...LOG_TABLES.map((table) => () => run.makeAhead(table)),
          () => run.dropBefore('session_lifecycle', logs),
          () => run.dropBefore('performance_logs', logs),
          () => run.dropBefore('system_metrics', metrics),
        ],
        undefined,
      );
    } finally {
      run.record();
    }
    return run.result();
  });
}

class Maintenance {
  private readonly deps: RetentionDependencies;
  private readonly dropped: string[] = [];
  private made = 0;
  private strayRows = 0;
  private postponed = 0;

  constructor(deps: RetentionDependencies) {
    this.deps = deps;
  }

  record(): void {
    this.deps.record.partitions(this.made, { [ATTR_HANDOFF_PARTITION_CHANGE]: 'made' });
    this.deps.record.partitions(this.dropped.length, { [ATTR_HANDOFF_PARTITION_CHANGE]: 'dropped' });
  }

  result(): PartitionMaintenance {
    const { made, dropped, strayRows, postponed } = this;
    return { made, dropped, strayRows, postponed };
  }

  async makeAhead(table: string): Promise<void> {
    const [row] = (await this.unlessHeldUp(() => this.deps.database.query<{ readonly made: number }>(createPartitions, [table]))) ?? [];
    this.made += row?.made ?? 0;
  }

  /** First what an earlier run has detached and not dropped. */
  async dropBefore(table: string, cutoff: Date | null): Promise<void> {
    if (cutoff === null) return;
    do {
      let name = await this.nameOf(() => this.deps.database.query<PartitionRow>(dropPartition, [table]));
      while (name !== undefined) {
        this.dropped.push(name.replace(/_expired$/, ''));
        name = await this.nameOf(() => this.deps.database.query<PartitionRow>(dropPartition, [table]));
      }
    } while ((await this.nameOf(() => this.deps.database.query<PartitionRow>(detachPartition, [table, cutoff]))) !== undefined);
    await this.deleteStrays(table, cutoff);
  }

  private async deleteStrays(table: string, cutoff: Date): Promise<void> {
    for (;;) {
      const [row] = await this.deps.database.query<{ readonly deleted: number }>(deleteStrays, [table, cutoff, STRAY_BATCH]);
      this.strayRows += row?.deleted ?? 0;
      if ((row?.deleted ?? 0) < STRAY_BATCH) return;
    }
  }

  private async nameOf(step: () => Promise<PartitionRow[]>): Promise<string | undefined> {
    return (await this.unlessHeldUp(step))?.[0]?.partition ?? undefined;
  }

  /** Each attempt waits a fifth of a second at most for a lock, with others behind it; between attempts they go on. */
  private async unlessHeldUp<T>(step: () => Promise<T>): Promise<T | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await step();
      } catch (error) {
        const code = errorCode(error);
        if (code === undefined || !HELD_UP.includes(code)) throw error;
        if (attempt === MAX_TRIES) {
          this.postponed += 1;
          return undefined;
        }
        await this.deps.clock.sleep(backoffMs(attempt, this.deps.random, 50, 1000));
      }
    }
  }
}
