import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCollector } from '../../../../../src/handoff/monitoring/memory/collectGarbage.js';
import { activeResources, memorySnapshot } from '../../../../../src/handoff/monitoring/memory/memorySnapshot.js';
import { MemoryWatch } from '../../../../../src/handoff/monitoring/memory/memoryWatch.js';
import type { MemoryLook } from '../../../../../src/handoff/monitoring/memory/memoryWatch.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';
import { Recording } from '../../../telemetry/recording.js';

let recording: Recording;
let clock: FakeClock;
let used: number;
let freed: number;
let collections: number;
let watch: MemoryWatch;

const high: MemoryLook = { usedPercent: 85, thresholdPercent: 80, isThreadBusy: false, mayCollect: true, intervalMs: 900_000 };

function create(collect: (() => void) | undefined): MemoryWatch {
  watch = new MemoryWatch({
    log: recording.log,
    meter: recording.meter,
    clock,
    measure: () => ({ ...memorySnapshot(), heapUsedBytes: used, externalBytes: 0 }),
    resources: activeResources,
    parts: () => ({ poolConnections: 3 }),
    findCollector: () => collect,
  });
  return watch;
}

const reports = (): unknown[] => recording.records.map(({ fields }) => fields['collection']);

beforeEach(() => {
  recording = new Recording();
  clock = new FakeClock();
  [used, freed, collections] = [1000, 500, 0];
  create(() => {
    used -= freed;
    collections += 1;
  });
});
afterEach(() => recording.dispose());

describe('R5.3: memory beyond its threshold', () => {
  it('has a garbage collection run, and a report of what took it before and after', async () => {
    watch.look(high);
    expect(collections).toBe(1);
    expect(recording.records).toMatchObject([
      {
        level: 'warn',
        fields: {
          'event.name': 'handoff.memory.report',
          usedPercent: 85,
          thresholdPercent: 80,
          collection: 'collected',
          before: { heapUsedBytes: 1000, spaces: { old_space: expect.any(Number) }, heapLimitBytes: expect.any(Number) },
          after: { heapUsedBytes: 500 },
          freedBytes: 500,
          parts: { poolConnections: 3 },
        },
      },
    ]);
    const counted = (await recording.metrics()).find(({ descriptor }) => descriptor.name === 'handoff.memory.collections');
    expect(counted?.dataPoints[0]?.value).toBe(1);
  });

  it('is reported at most once in the interval', async () => {
    watch.look(high);
    await clock.advance(899_999);
    watch.look(high);
    expect(reports()).toEqual(['collected']);
    await clock.advance(1);
    watch.look(high);
    expect(reports()).toEqual(['collected', 'collected']);
  });

  it('is reported four times as seldom after a collection that freed next to nothing', async () => {
    freed = 10;
    watch.look(high);
    await clock.advance(3_599_999);
    watch.look(high);
    expect(collections).toBe(1);
    await clock.advance(1);
    watch.look(high);
    expect(collections).toBe(2);
  });

  it('is not collected while the main thread is busy, where it is switched off, and where Node offers none', async () => {
    watch.look({ ...high, isThreadBusy: true });
    await clock.advance(900_000);
    watch.look({ ...high, mayCollect: false });
    expect(collections).toBe(0);
    create(undefined).look(high);
    expect(reports()).toEqual(['thread_busy', 'switched_off', 'not_possible']);
  });

  it.each([
    ['below the threshold', { usedPercent: 79.9 }],
    ['not measured', { usedPercent: undefined }],
    ['without a threshold', { thresholdPercent: undefined }],
  ])('is not reported %s', (_what, change) => {
    watch.look({ ...high, ...change });
    expect(reports()).toEqual([]);
  });
});

it('Node offers a collection on request, also without --expose-gc, and new contexts do not keep it', async () => {
  const collect = findCollector();
  expect(collect).toBeTypeOf('function');
  const gone = new WeakRef(Object.assign({}, { content: 'x' }));
  // A reference that was just read is kept until the turn ends.
  await new Promise((resolve) => setImmediate(resolve));
  collect?.();
  expect(gone.deref()).toBeUndefined();
});
