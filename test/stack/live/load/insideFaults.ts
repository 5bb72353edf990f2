import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Meter } from '@opentelemetry/api';
import { heapUse } from '../../../../src/handoff/monitoring/health/checks/heapUse.js';

/** Far beyond what OpenTelemetry keeps per instrument (2,000). */
const RUNAWAY_SERIES = 2_500;
/** As many as it keeps apart, or nearly. */
const MANY_SERIES = 1_900;
/** Longer than a delay that alerts. */
const BLOCK_MS = 650;
const BREATH_MS = 20;
/** Longer than a stall that alerts, with time for calls in between. */
const STALL_MS = 1_300;
/** Late enough for a handoff server to let in fewer calls, with time to finish some in between. */
const LATE_MS = 300;
const PAUSE_MS = 150;
/** Of what V8 allows: beyond what alerts, and far enough from the end. */
const FULL_SHARE = 0.85;
const FILL_AT_ONCE_MIB = 16;
const FULL_PAUSE_MS = 500;
/** Small objects that garbage collection has to look at each time: so many that it takes far longer than a breath. */
const LIVE_OBJECTS = 1_000_000;

/** More than the 512 MiB above which growth is looked at, on top of what the process has anyway. */
const LEAK_MIB = 600;
const LEAK_AT_ONCE_MIB = 20;
const NUMBERS_PER_MIB = 131_072;

/** Node's own, which is only there if it is asked for. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

/** What goes wrong inside a process, by name. Each returns when it has begun. */
export function insideFaults(meter: Meter): Readonly<Record<string, () => void>> {
  /** Counts what goes on: the last of it goes on, all before it has ended. */
  let turn = 0;
  /** What keeps memory from being let go. */
  let kept: (readonly unknown[])[] = [];

  /** Does `work` once, and again for as long as a block lasts, then takes a breath, until something else goes wrong or all is calm. */
  const keepDoing = async (blockMs: number, breathMs: number, work: () => void): Promise<void> => {
    turn += 1;
    const own = turn;
    while (own === turn) {
      const untilMs = performance.now() + blockMs;
      do work();
      while (performance.now() < untilMs);
      await wait(breathMs);
    }
  };
  const collect = (): void => {
    kept.push(Array.from({ length: LIVE_OBJECTS }, (_, index) => ({ index })));
    void keepDoing(0, BREATH_MS, garbageCollector());
  };
  const leak = async (): Promise<void> => {
    turn += 1;
    const own = turn;
    while (own === turn && kept.length < LEAK_MIB) {
      for (let mib = 0; mib < LEAK_AT_ONCE_MIB; mib += 1) kept.push(new Array<number>(NUMBERS_PER_MIB).fill(0.5));
      await wait(BREATH_MS);
    }
  };
  const fill = async (): Promise<void> => {
    turn += 1;
    const own = turn;
    const collectGarbage = garbageCollector();
    while (own === turn) {
      // Before, what was just made is young, and garbage is counted that would be collected sooner or later.
      collectGarbage();
      const { usedBytes, limitBytes } = heapUse();
      const isFull = usedBytes >= FULL_SHARE * limitBytes;
      for (let mib = 0; mib < FILL_AT_ONCE_MIB && !isFull; mib += 1) kept.push(new Array<number>(NUMBERS_PER_MIB).fill(0.5));
      await wait(isFull ? FULL_PAUSE_MS : BREATH_MS);
    }
  };
  const count = (values: number): void => {
    const counter = meter.createCounter('live.runaway');
    for (let series = 0; series < values; series += 1) counter.add(1, { series });
  };
  return {
    block: () => void keepDoing(BLOCK_MS, BREATH_MS, () => undefined),
    stall: () => void keepDoing(STALL_MS, PAUSE_MS, () => undefined),
    late: () => void keepDoing(LATE_MS, PAUSE_MS, () => undefined),
    collect,
    fill: () => void fill(),
    leak: () => void leak(),
    overflow: () => count(RUNAWAY_SERIES),
    widen: () => count(MANY_SERIES),
    calm: () => {
      turn += 1;
      kept = [];
      garbageCollector()();
    },
  };
}
