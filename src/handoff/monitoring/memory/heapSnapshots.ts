import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { getHeapSnapshot } from 'node:v8';
import { quietly } from '../../../errors/quietly.js';
import { memoryEvents } from '../../../telemetry/catalogue/memory.js';
import { errorType } from '../../../telemetry/errorType.js';
import type { Log } from '../../../telemetry/log.js';
import { ATTR_ERROR_TYPE, ATTR_EVENT_NAME } from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import { diskUse } from '../health/checks/disk.js';
import type { DiskUse } from '../health/checks/disk.js';
import { memoryUse } from '../health/checks/memory.js';
import type { MemoryUse } from '../health/checks/memory.js';

export interface HeapSnapshotsOptions {
  /** Where they are written; it is created with mode 0700. */
  readonly folder: string;
  readonly log: Log;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  /** Default: those of the machine. */
  readonly measureDisk?: (folder: string) => Promise<DiskUse>;
  readonly measureMemory?: () => MemoryUse;
  readonly take?: () => Readable;
}

type Refusal = 'running' | 'low_disk' | 'low_memory' | 'failed';

/** The text of a snapshot is larger than the heap; and writes of others must not fail because of it. */
const DISK_PER_HEAP = 2;
const LEFT_FREE_BYTES = 256 * 1024 * 1024;

const REFUSED: Readonly<Record<Refusal, string>> = {
  running: 'no heap snapshot was written: one is being written already',
  low_disk: 'no heap snapshot was written: there is too little space on the disk of its folder',
  low_memory: 'no heap snapshot was written: it needs about as much memory as the heap, and the limit of the container leaves less',
  failed: 'no heap snapshot was written',
};

/**
 * Writes heap snapshots on request, one at a time, for the memory view of a browser's developer tools. A snapshot holds everything that is
 * in memory, content of agents and credentials included, so only its owner can read the file.
 */
export class HeapSnapshots {
  readonly #options: HeapSnapshotsOptions;
  #isRunning = false;

  constructor(options: HeapSnapshotsOptions) {
    this.#options = options;
  }

  /** Resolves with the file, or with nothing when it was refused, which the log says. Stops the thread while it is taken. Never rejects. */
  async write(): Promise<string | undefined> {
    if (this.#isRunning) return this.#refuse('running');
    this.#isRunning = true;
    try {
      const { folder } = this.#options;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const refusal = await this.#findRefusal(folder);
      return refusal === undefined ? await this.#writeTo(folder) : this.#refuse(refusal);
    } catch (error) {
      return this.#refuse('failed', error);
    } finally {
      this.#isRunning = false;
    }
  }

  async #findRefusal(folder: string): Promise<Refusal | undefined> {
    const { measureDisk = diskUse, measureMemory = memoryUse } = this.#options;
    const { heapUsedBytes, rssBytes, limitBytes = Infinity } = measureMemory();
    if (limitBytes - rssBytes < heapUsedBytes) return 'low_memory';
    const { freeBytes } = await measureDisk(folder);
    return freeBytes < DISK_PER_HEAP * heapUsedBytes + LEFT_FREE_BYTES ? 'low_disk' : undefined;
  }

  async #writeTo(folder: string): Promise<string> {
    const { clock, log, take = getHeapSnapshot } = this.#options;
    const startMs = clock.monotonicMs();
    const moment = new Date(clock.nowMs()).toISOString().replaceAll(/[:.]/g, '-');
    const file = join(folder, `heap-${moment}-${process.pid}.heapsnapshot`);
    const stream = createWriteStream(file, { flags: 'wx', mode: 0o600 });
    try {
      await pipeline(take(), stream);
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
    const durationMs = Math.round(clock.monotonicMs() - startMs);
    quietly(() =>
      log.info(
        { [ATTR_EVENT_NAME]: memoryEvents.snapshot.name, file, sizeBytes: stream.bytesWritten, durationMs },
        'a heap snapshot was written; it holds everything that is in memory, so delete it when it was read',
      ),
    );
    return file;
  }

  #refuse(reason: Refusal, error?: unknown): undefined {
    const type = error === undefined ? {} : { [ATTR_ERROR_TYPE]: errorType(error) };
    quietly(() => this.#options.log.warn({ [ATTR_EVENT_NAME]: memoryEvents.snapshot.name, reason, ...type }, REFUSED[reason]));
    return undefined;
  }
}
