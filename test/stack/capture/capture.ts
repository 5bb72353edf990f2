import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCaptured } from '../queries/captured.js';
import type { Captured } from '../queries/captured.js';
import { startBuiltCollector } from '../workload/collector.js';
import { startWorkload } from '../workload/startWorkload.js';
import type { WorkloadResult } from '../workload/startWorkload.js';

export interface Capture extends Captured {
  readonly workload: WorkloadResult;
}

/** Runs the workload against the built collector with our configuration, and reads what leaves it where Tempo and Loki would be. */
export async function capture(progress: (line: string) => void): Promise<Capture> {
  const dir = mkdtempSync(join(tmpdir(), 'handoff-capture-'));
  try {
    const collector = await startBuiltCollector({ configs: ['config.yaml', 'config.file.yaml'], dir, progress });
    try {
      await using running = await startWorkload({ otlpEndpoint: collector.httpEndpoint, durationMs: 0, progress });
      const workload = await running.finish();
      const { code } = await collector.stop();
      if (code !== 0) throw new Error(`the collector ended with ${String(code)}`);
      return { ...readCaptured(dir), workload };
    } catch (error) {
      await collector.stop('SIGKILL');
      throw error;
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
