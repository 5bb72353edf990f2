import { describe, expect, it, vi } from 'vitest';
import { Batcher } from '../../../../src/instrumentation/pipeline/batcher.js';
import type { BatcherOptions } from '../../../../src/instrumentation/pipeline/batcher.js';
import type { Delivery } from '../../../../src/instrumentation/pipeline/otlp/delivery.js';

interface Receiver {
  readonly batches: number[][];
  readonly answers: ((delivery: Delivery) => void)[];
  readonly batcher: Batcher<number>;
}

/** A batcher whose receiver answers when told to. */
function withReceiver(options: Partial<BatcherOptions<number>> = {}): Receiver {
  const batches: number[][] = [];
  const answers: ((delivery: Delivery) => void)[] = [];
  const send = (items: readonly number[]): Promise<Delivery> => {
    batches.push([...items]);
    return new Promise((resolve) => answers.push(resolve));
  };
  const limits = { maxQueueSize: 100, maxBatchSize: 3, scheduleDelayMs: 20, maxQueueBytes: Infinity, maxBatchBytes: Infinity };
  return { batches, answers, batcher: new Batcher({ ...limits, bytesOf: (item) => item, send, ...options }) };
}

const fill = (batcher: Batcher<number>, count: number): void => {
  for (let item = 1; item <= count; item += 1) batcher.add(item);
};

describe('Batcher', () => {
  it('sends a full batch soon, but not in the turn of whoever filled it', async () => {
    const { batcher, batches } = withReceiver();
    fill(batcher, 4);
    expect(batches).toEqual([]);
    await expect.poll(() => batches).toEqual([[1, 2, 3], [4]]);
  });

  it('sends a partial batch after the delay', async () => {
    const { batcher, batches } = withReceiver();
    fill(batcher, 1);
    await expect.poll(() => batches).toEqual([[1]]);
  });

  it('has at most four requests in flight and goes on when one is answered', async () => {
    const { batcher, batches, answers } = withReceiver();
    fill(batcher, 30);
    await expect.poll(() => batches.length).toBe(4);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(batches).toHaveLength(4);
    expect(batcher.counts).toMatchObject({ inFlight: 12, queued: 18 });
    answers[0]?.({ delivered: true });
    await expect.poll(() => batches.length).toBe(5);
  });

  it('drops and counts what the queue cannot hold', () => {
    const { batcher } = withReceiver({ maxQueueSize: 5 });
    fill(batcher, 8);
    expect(batcher.counts).toEqual({ made: 8, queued: 5, inFlight: 0, delivered: 0, failed: 0, dropped: 3 });
  });

  it('sends large items in smaller batches, without waiting, and one that is larger than any batch by itself', async () => {
    const { batcher, batches } = withReceiver({ maxBatchBytes: 100, scheduleDelayMs: 60_000 });
    for (const bytes of [60, 40, 50, 300, 70]) batcher.add(bytes);
    await expect.poll(() => batches).toEqual([[60, 40], [50], [300]]);
    void batcher.flush();
    await expect.poll(() => batches.at(-1)).toEqual([70]);
  });

  it('holds no more bytes than it may, queued and in flight together', async () => {
    const { batcher, batches, answers } = withReceiver({ maxQueueBytes: 100 });
    for (const bytes of [40, 40, 40, 20]) batcher.add(bytes);
    expect(batcher.counts).toMatchObject({ queued: 3, dropped: 1 });
    expect(batcher.details.queueFull).toBe(1);
    await expect.poll(() => batches).toEqual([[40, 40, 20]]);
    batcher.add(1);
    expect(batcher.counts).toMatchObject({ queued: 0, inFlight: 3, dropped: 2 });
    answers[0]?.({ delivered: true });
    await expect.poll(() => batcher.counts.delivered).toBe(3);
    batcher.add(100);
    expect(batcher.counts).toMatchObject({ queued: 1, dropped: 2 });
  });

  it('keeps no process alive for what waits for its time', () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    const { batcher } = withReceiver();
    batcher.add(1);
    expect(timers()).toBe(before);
    batcher.close();
  });

  it('counts no more items as rejected than the request had', async () => {
    const { batcher, answers } = withReceiver();
    fill(batcher, 3);
    await expect.poll(() => answers.length).toBe(1);
    answers[0]?.({ delivered: true, rejected: 10 });
    await expect.poll(() => batcher.counts).toMatchObject({ made: 3, delivered: 0, failed: 3, inFlight: 0 });
  });

  it('flush waits for what is queued and for what is in flight', async () => {
    const { batcher, batches, answers } = withReceiver();
    fill(batcher, 3);
    await expect.poll(() => batches.length).toBe(1);
    fill(batcher, 2);
    const done = vi.fn();
    const flushed = batcher.flush().then(done);
    await expect.poll(() => batches.length).toBe(2);
    answers[1]?.({ delivered: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(done).not.toHaveBeenCalled();
    answers[0]?.({ delivered: true });
    await flushed;
    expect(batcher.counts).toMatchObject({ made: 5, delivered: 5, queued: 0, inFlight: 0 });
  });

  it('a second flush waits for all that the first has taken', async () => {
    const { batcher } = withReceiver({
      send: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return { delivered: true };
      },
    });
    fill(batcher, 60);
    void batcher.flush();
    await batcher.flush();
    expect(batcher.counts).toMatchObject({ made: 60, delivered: 60, inFlight: 0 });
  });

  it('flush ends while others go on making items', async () => {
    const { batcher } = withReceiver({ send: async () => ({ delivered: true }) });
    fill(batcher, 10);
    const maker = setInterval(() => batcher.add(0), 1);
    await batcher.flush();
    clearInterval(maker);
    expect(batcher.counts.delivered).toBeGreaterThanOrEqual(10);
  });

  it('counts what is in flight toward its size, however often it is flushed, and keeps nothing per flush', async () => {
    const { batcher, batches, answers } = withReceiver({ maxQueueSize: 20 });
    const flushes = new Set<Promise<void>>();
    for (let item = 1; item <= 1000; item += 1) {
      batcher.add(item);
      flushes.add(batcher.flush());
    }
    expect(batches).toHaveLength(8);
    expect(batcher.counts).toEqual({ made: 1000, queued: 12, inFlight: 8, delivered: 0, failed: 0, dropped: 980 });
    expect(flushes.size).toBe(20);
    const ended = Promise.all(flushes);
    for (let answered = 0; answered < answers.length; answered += 1) {
      answers[answered]?.({ delivered: true });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await ended;
    expect(batches.slice(8)).toEqual([
      [9, 10, 11],
      [12, 13, 14],
      [15, 16, 17],
      [18, 19, 20],
    ]);
    expect(batcher.counts).toMatchObject({ delivered: 20, queued: 0, inFlight: 0 });
  });

  it('a flush waits for what was made before it only', async () => {
    const { batcher, answers } = withReceiver();
    batcher.add(1);
    const first = batcher.flush();
    batcher.add(2);
    const second = vi.fn();
    void batcher.flush().then(second);
    answers[0]?.({ delivered: true });
    await first;
    expect(second).not.toHaveBeenCalled();
    answers[1]?.({ delivered: false });
    await expect.poll(() => second.mock.calls.length).toBe(1);
  });

  it('has every item in exactly one count, whatever the receiver does', async () => {
    const outcomes: readonly (() => Promise<Delivery>)[] = [
      async () => ({ delivered: true }),
      async () => ({ delivered: true, rejected: 2 }),
      async () => ({ delivered: false }),
      async () => Promise.reject(new Error('broken exporter')),
    ];
    let next = 0;
    const { batcher } = withReceiver({ send: () => (outcomes[next++] ?? (async () => ({ delivered: true })))() });
    fill(batcher, 12);
    await batcher.flush();
    expect(batcher.counts).toEqual({ made: 12, queued: 0, inFlight: 0, delivered: 4, failed: 8, dropped: 0 });
  });

  it('counts what is left at close as dropped, and what comes after', () => {
    const { batcher } = withReceiver();
    fill(batcher, 2);
    batcher.close();
    batcher.add(3);
    expect(batcher.counts).toMatchObject({ made: 3, dropped: 3, queued: 0 });
  });

  it('gives up what was not sent, for a process that ends at once, and keeps it counted', async () => {
    const { batcher, batches } = withReceiver({ maxBatchSize: 2 });
    fill(batcher, 9);
    await expect.poll(() => batches.length).toBe(4);
    void batcher.flush();
    // Nothing of what is under way was handed over: there is no request.
    expect(batcher.takeUnsent()).toEqual({ batches: [[1, 2], [3, 4], [5, 6], [7, 8], [9]], isAwaited: false });
    expect(batcher.counts).toMatchObject({ made: 9, queued: 0, inFlight: 9 });
  });

  it('says why items were lost', async () => {
    const { batcher, answers } = withReceiver({ maxQueueSize: 4, maxBatchSize: 4 });
    fill(batcher, 6);
    const flushed = batcher.flush();
    await expect.poll(() => answers.length).toBe(1);
    answers[0]?.({ delivered: false, errorType: '503' });
    await flushed;
    batcher.add(7);
    batcher.close();
    batcher.add(8);
    expect(batcher.details).toEqual({ failures: new Map([['503', 4]]), queueFull: 2, afterClose: 2, capacity: 4 });
  });

  it('tells at most twenty kinds of failure apart', async () => {
    let count = 0;
    const { batcher } = withReceiver({ maxBatchSize: 1, send: async () => ({ delivered: false, errorType: `E${(count += 1)}` }) });
    fill(batcher, 30);
    await batcher.flush();
    expect(batcher.details.failures.size).toBe(21);
    expect(batcher.details.failures.get('_OTHER')).toBe(10);
  });
});
