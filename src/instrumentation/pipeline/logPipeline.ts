import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { SignalQueue } from './signalQueue.js';

/** Queues every log record. */
export class LogPipeline implements LogRecordProcessor {
  /** Whether records that only have what can be read of them may be passed in, see `useOwnHandles`. */
  readonly takesReadable = true;
  readonly #queue: SignalQueue<ReadableLogRecord>;

  constructor(queue: SignalQueue<ReadableLogRecord>) {
    this.#queue = queue;
  }

  onEmit(record: ReadableLogRecord): void {
    this.#queue.add(record, typeof record.body === 'object');
  }

  async forceFlush(): Promise<void> {
    await this.#queue.flush();
  }

  async shutdown(): Promise<void> {
    await this.#queue.flush();
  }
}
