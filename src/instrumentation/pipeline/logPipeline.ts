import type { LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { SignalQueue } from './signalQueue.js';

/** Queues every log record. */
export class LogPipeline implements LogRecordProcessor {
  readonly #queue: SignalQueue<ReadableLogRecord>;

  constructor(queue: SignalQueue<ReadableLogRecord>) {
    this.#queue = queue;
  }

  onEmit(record: ReadableLogRecord): void {
    this.#queue.add(record);
  }

  async forceFlush(): Promise<void> {
    await this.#queue.flush();
  }

  async shutdown(): Promise<void> {
    await this.#queue.flush();
  }
}
