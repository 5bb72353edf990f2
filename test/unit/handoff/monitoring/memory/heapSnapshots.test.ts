import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HeapSnapshots } from '../../../../../src/handoff/monitoring/memory/heapSnapshots.js';
import type { HeapSnapshotsOptions } from '../../../../../src/handoff/monitoring/memory/heapSnapshots.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';
import { Recording } from '../../../telemetry/recording.js';

let recording: Recording;
let base: string;
let folder: string;

const roomy = { freeBytes: 1e12, totalBytes: 1e12, usedPercent: 0 };
const memory = { rssBytes: 100, heapUsedBytes: 50, heapLimitBytes: 1000 };

const create = (options: Partial<HeapSnapshotsOptions> = {}): HeapSnapshots =>
  new HeapSnapshots({
    folder,
    log: recording.log,
    clock: new FakeClock(),
    measureDisk: async () => roomy,
    measureMemory: () => memory,
    take: () => Readable.from(['{"snapshot"', ':{}}']),
    ...options,
  });

const told = (): unknown[] => recording.records.map(({ level, fields }) => [level, fields['reason']]);

beforeEach(() => {
  recording = new Recording();
  base = mkdtempSync(join(tmpdir(), 'handoff-heap-'));
  folder = join(base, 'diagnostics');
});
afterEach(async () => {
  rmSync(base, { recursive: true });
  await recording.dispose();
});

it('writes a file that only its owner can read, and says where', async () => {
  const file = await create().write();
  expect(readFileSync(file ?? '', 'utf8')).toBe('{"snapshot":{}}');
  expect(statSync(file ?? '').mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(recording.records).toMatchObject([{ level: 'info', fields: { 'event.name': 'handoff.memory.snapshot', file, sizeBytes: 15 } }]);
});

it('writes one at a time', async () => {
  const snapshots = create();
  const [first, second] = await Promise.all([snapshots.write(), snapshots.write()]);
  expect([first === undefined, second]).toEqual([false, undefined]);
  expect(told()).toEqual([
    ['warn', 'running'],
    ['info', undefined],
  ]);
});

it.each([
  ['the disk is nearly full', { measureDisk: async () => ({ ...roomy, freeBytes: 100 }) }, 'low_disk'],
  ['the memory limit leaves too little', { measureMemory: () => ({ ...memory, limitBytes: 149 }) }, 'low_memory'],
] as const)('is refused where %s', async (_what, options, reason) => {
  expect(await create(options).write()).toBeUndefined();
  expect(told()).toEqual([['warn', reason]]);
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
});

it('leaves no part of a file behind', async () => {
  const broken = Readable.from(
    (async function* parts() {
      yield '{';
      throw new Error('disk');
    })(),
  );
  expect(await create({ take: () => broken }).write()).toBeUndefined();
  expect(told()).toEqual([['warn', 'failed']]);
  expect(readdirSync(folder)).toEqual([]);
});
