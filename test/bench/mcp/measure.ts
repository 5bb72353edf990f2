import { setImmediate as nextTurn } from 'node:timers/promises';
import { PerformanceObserver } from 'node:perf_hooks';
import type { Slice } from './messages.js';
import type { Subject } from './subject.js';

/** Calls between two turns of the event loop: in memory nothing else lets timers run, and no server lives on microtasks alone. */
const CALLS_A_TURN = 64;

/** One call after the other. */
export async function runCalls({ call }: Subject, calls: number): Promise<void> {
  for (let done = 1; done <= calls; done += 1) {
    await call();
    if (done % CALLS_A_TURN === 0) await nextTurn();
  }
}

/** Each begins with an empty young generation; what it has to collect of its own is part of its time. */
export async function slice(subject: Subject, calls: number): Promise<Slice> {
  collectGarbage();
  const cpu = process.threadCpuUsage();
  const startMs = performance.now();
  await runCalls(subject, calls);
  const wallMs = performance.now() - startMs;
  const { user, system } = process.threadCpuUsage(cpu);
  return { wallUs: (wallMs * 1000) / calls, cpuUs: (user + system) / calls };
}

/**
 * Bytes by which a call grows the heap. That is what it allocates only while nothing is collected: the parent starts the
 * process with a young generation that holds all of it, and this refuses to answer when there was a collection.
 */
export async function allocation(subject: Subject, calls: number): Promise<number> {
  collectGarbage();
  await nextTurn();
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  const before = process.memoryUsage().heapUsed;
  await runCalls(subject, calls);
  const grown = process.memoryUsage().heapUsed - before;
  // The observer is told in a later turn.
  await nextTurn();
  await nextTurn();
  observer.disconnect();
  if (collections > 0) throw new Error(`the heap was collected ${collections} times while its growth was measured`);
  return grown / calls;
}

function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  void globalThis.gc();
}
