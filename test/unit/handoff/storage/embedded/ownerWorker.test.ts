import { expect, it } from 'vitest';
import { OwnerWorker } from '../../../../../src/handoff/storage/embedded/ownerWorker.js';

const STATEMENT_MS = 2900;

/** An owner that listens at once and then is busy with one statement, whose end it has printed nowhere but in the pulse. */
const OWNER = `
import { parentPort, workerData } from 'node:worker_threads';
const pulse = new Int32Array(workerData.pulse);
parentPort.on('message', ({ type }) => {
  if (type === 'stop') process.exit(0);
  Atomics.add(pulse, 0, 1);
  setTimeout(() => Atomics.add(pulse, 0, 1), ${STATEMENT_MS});
  parentPort.postMessage({ type: 'listening', address: '/nowhere' });
});`;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('does not blame a statement for the time in which the whole process was suspended', async () => {
  const lost: Error[] = [];
  const owner = new OwnerWorker({
    entry: { url: new URL(`data:text/javascript,${encodeURIComponent(OWNER)}`), execArgv: [] },
    dataDir: '/nowhere',
    settings: { home: '/nowhere', address: '/nowhere', idleInTransactionTimeoutMs: 1000, prepared: undefined },
    statementLimitMs: 2000,
    onLost: (reason) => void lost.push(reason),
    onCreating: () => undefined,
  });
  expect(await owner.bid()).toBe('/nowhere');
  await sleep(700);
  // As after a suspension: the clock has gone on and no check was made.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2100);
  await sleep(300);
  expect(lost).toEqual([]);
  await owner.stop(1000);
});
