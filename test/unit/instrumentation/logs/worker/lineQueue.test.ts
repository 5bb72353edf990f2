import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LineQueue } from '../../../../../src/instrumentation/logs/worker/lineQueue.js';
import type { LogChunk } from '../../../../../src/instrumentation/logs/worker/logThread.js';

let posted: LogChunk[];
let queue: LineQueue;

beforeEach(() => {
  vi.useFakeTimers();
  posted = [];
  queue = new LineQueue({ maxQueueSize: 5, maxBatchSize: 2, scheduleDelayMs: 100 }, (chunk) => posted.push(chunk));
});
afterEach(() => {
  vi.useRealTimers();
});

const add = (...lines: string[]): void => {
  for (const line of lines) queue.add({ line });
};
const conserved = (): boolean => {
  const { made, queued, inFlight, delivered, failed, dropped } = queue.counts;
  return made === queued + inFlight + delivered + failed + dropped;
};

describe('the queue to the log thread', () => {
  it('hands over full chunks at once and the rest after the delay', () => {
    add('a', 'b', 'c');
    expect(posted.map(({ lines }) => lines)).toEqual([['a', 'b']]);
    vi.advanceTimersByTime(100);
    expect(posted.map(({ lines }) => lines)).toEqual([['a', 'b'], ['c']]);
    expect(queue.counts).toEqual({ made: 3, queued: 0, inFlight: 3, delivered: 0, failed: 0, dropped: 0 });
  });

  it('holds no more than its size, counting what the thread has not answered', () => {
    add('1', '2', '3', '4', '5', '6', '7');
    expect(queue.counts).toEqual({ made: 7, queued: 1, inFlight: 4, delivered: 0, failed: 0, dropped: 2 });
    queue.answer({ id: 1 });
    add('8');
    expect(queue.counts).toMatchObject({ delivered: 2, dropped: 2 });
    expect(conserved()).toBe(true);
  });

  it('keeps the level of a dropped line for the lines after it', () => {
    add('1', '2', '3', '4', '5');
    queue.add({ line: '6', level: [1000, 9, 'info'] });
    queue.answer({ id: 1 });
    add('7');
    queue.postAll();
    expect(posted.flatMap(({ levels }) => levels)).toEqual([[1000, 9, 'info']]);
  });

  it('settles when all is answered, whatever the answers', async () => {
    add('a', 'b', 'c');
    queue.postAll();
    let isSettled = false;
    const settled = queue.settled().then(() => {
      isSettled = true;
    });
    queue.answer({ id: 1 });
    await Promise.resolve();
    expect(isSettled).toBe(false);
    queue.answer({ id: 2, problem: 'refused' });
    queue.answer({ id: 2, problem: 'refused' });
    await settled;
    expect(queue.counts).toMatchObject({ delivered: 2, failed: 1, inFlight: 0 });
  });

  it('settles although more is handed over meanwhile, with one promise for all who wait for the same', async () => {
    add('a', 'b');
    const settled = queue.settled();
    expect(queue.settled()).toBe(settled);
    add('c', 'd');
    queue.answer({ id: 1 });
    await settled;
    expect(queue.counts).toMatchObject({ delivered: 2, inFlight: 2 });
  });

  it('says why lines were lost', () => {
    add('1', '2', '3', '4', '5', '6');
    queue.answer({ id: 1, problem: 'refused' });
    queue.takeBack(false);
    expect(queue.details).toEqual({
      failures: new Map([
        ['_OTHER', 2],
        ['stopped', 2],
      ]),
      queueFull: 1,
      afterClose: 0,
      capacity: 5,
    });
  });

  it.each([
    ['had taken none', true, ['a', 'b', 'c'], { made: 0, failed: 0 }],
    ['may have sent some', false, ['c'], { made: 2, failed: 2 }],
  ])('gives back what can be sent otherwise when the thread %s', async (_what, isUntouched, back, counts) => {
    add('a', 'b', 'c');
    const settled = queue.settled();
    expect(queue.takeBack(isUntouched)).toEqual(back);
    await settled;
    expect(queue.counts).toMatchObject(counts);
    expect(conserved()).toBe(true);
  });

  it('counts what could not even be made', () => {
    queue.lose();
    expect(queue.counts).toMatchObject({ made: 1, dropped: 1 });
  });
});
