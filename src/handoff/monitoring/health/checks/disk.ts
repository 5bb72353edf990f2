import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../../../errors/classify.js';
import { resourceLimits } from '../../../../telemetry/catalogue/health.js';
import { degraded, healthy, unhealthy } from '../finding.js';
import type { HealthCheck } from '../finding.js';

const LOW_PERCENT = 100 * resourceLimits.diskShare;
const FULL_PERCENT = 97;

const LOW =
  'The file system of the data folder is filling up: free space on it, make it larger, or keep less (docs/retention.md) before writes fail.';
const FULL = 'The file system of the data folder has hardly any space left: free space on it now, because writes are about to fail.';
const SLOW = 'The file system of the data folder does not answer: look at the disk or the network share that it is on.';

export interface DiskUse {
  /** Whatever this process may use is counted as free, and no more. */
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly usedPercent: number;
}

/** Returns how full the file system of a folder is, or of the nearest folder above it that exists. */
export async function diskUse(folder: string): Promise<DiskUse> {
  try {
    return useOf(await statfs(folder));
  } catch (error) {
    const above = dirname(folder);
    if (errorCode(error) !== 'ENOENT' || above === folder) throw error;
    return diskUse(above);
  }
}

/** Counts as `df` does: what is reserved for root is neither free nor used. */
export function useOf({ bavail, bfree, blocks, bsize }: Pick<StatsFs, 'bavail' | 'bfree' | 'blocks' | 'bsize'>): DiskUse {
  const used = blocks - bfree;
  const usable = used + bavail;
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize, usedPercent: usable === 0 ? 0 : (100 * used) / usable };
}

export interface DiskCheckOptions {
  readonly folder: string;
  /** Whether the database is on it. */
  readonly isCritical: boolean;
  /** Default: asks the system. */
  readonly measure?: (folder: string) => Promise<DiskUse>;
}

/** Looks how much space is left where this process writes files. */
export function diskCheck({ folder, isCritical, measure = diskUse }: DiskCheckOptions): HealthCheck {
  return {
    name: 'disk',
    isCritical,
    adviceWhenSlow: SLOW,
    run: async () => {
      const use = await measure(folder);
      const measured = { ...use, usedPercent: Math.round(use.usedPercent * 10) / 10 };
      if (use.usedPercent >= FULL_PERCENT) return unhealthy('full', FULL, measured);
      return use.usedPercent >= LOW_PERCENT ? degraded('low_space', LOW, measured) : healthy(measured);
    },
  };
}
