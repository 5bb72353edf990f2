import { describe, expect, it } from 'vitest';
import { document } from '../../bench/growth/document.js';
import { shares, targets } from '../../bench/growth/figures.js';
import type { Figures } from '../../bench/growth/figures.js';
import { plot } from '../../bench/growth/plot.js';
import type { PairedRounds } from '../../bench/growth/serverPair.js';
import { caseOf, nameOf } from '../../bench/growth/toolSubject.js';
import type { MeasuredRound } from '../../bench/measure.js';

const HEAD = { command: 'npm run bench growth', date: '2026-01-01', machine: ['a machine'], loadAverage: 0, rounds: 3, roundSeconds: 1 };

const round = (callsPerSecond: number): MeasuredRound => ({
  calls: callsPerSecond,
  callsPerSecond,
  latenciesMs: new Float64Array(callsPerSecond).fill(2),
  cpuUs: { server: 100, postgres: 200, receiver: 10, driver: 30 },
});
const rounds = (on: readonly number[], off: readonly number[]): PairedRounds => ({ on: on.map(round), off: off.map(round) });

/** Telemetry takes a tenth of the throughput with 32 callers. */
function figures({ shareOfMany = 0.1, callUs = 42, longRate = 900 }): Required<Figures> {
  const off = [1000, 2000, 4000];
  const taken = (share: number): PairedRounds =>
    rounds(
      off.map((rate) => rate * (1 - share)),
      off,
    );
  const tools = (count: number, us: number) => ({
    tools: count,
    us: { call: { bare: [30, 31, 29], ours: [us, us + 1, us - 1] }, list: { bare: [count], ours: [count] } },
  });
  return {
    callers: {
      points: [1, 8, 32, 128, 512].map((callers) => ({ callers, ...taken(callers === 512 ? shareOfMany : 0.1) })),
      lost: undefined,
    },
    tools: [tools(1, 40), tools(100, 41), tools(1000, callUs)],
    history: {
      points: [
        { entries: 10_000, ...rounds([900], [1000]) },
        { entries: 10_000_000, ...rounds([longRate], [1000]) },
      ],
      callers: 32,
      sessions: 125,
      lost: undefined,
    },
  };
}

describe('how cost grows', () => {
  it('takes the share of telemetry from rounds that were measured together', () => {
    expect(shares(rounds([90, 180, 300], [100, 200, 600]))).toEqual({
      min: expect.closeTo(0.1),
      median: expect.closeTo(0.1),
      max: expect.closeTo(0.5),
    });
  });

  it('meets its targets where cost is flat, and misses each of them where it is not', () => {
    const met = (some: Figures): boolean[] => targets(some).map(({ isMet }) => isMet);
    expect(met(figures({}))).toEqual([true, true, true]);
    expect(met(figures({ shareOfMany: 0.16 }))).toEqual([false, true, true]);
    expect(met(figures({ callUs: 45 }))).toEqual([true, false, true]);
    expect(met(figures({ longRate: 800 }))).toEqual([true, true, false]);
    expect(met({ tools: figures({}).tools })).toEqual([true]);
  });

  it('says in the document what was met, what was missed and what of the telemetry was lost', () => {
    const { callers, history, tools } = figures({ longRate: 800 });
    const text = document(HEAD, { callers, tools, history: { ...history, lost: '3 spans' } });
    expect(text.match(/\| met \|/gu)).toHaveLength(2);
    expect(text).toContain('| at least 90.0 % of that with 10,000 | 88.9 % | **missed** |');
    expect(text.match(/got every span/gu)).toHaveLength(1);
    expect(text).toContain('**Not all telemetry arrived, so that it looks cheaper than it is: 3 spans**');
    expect(text).toContain(
      '| 512 | 1,800 (900 – 3,600) | 2,000 (1,000 – 4,000) | 10.0 % (10.0 % – 10.0 %) | 100 µs | 200 µs | 100 µs | 200 µs | 2.0 ms | 2.0 ms |',
    );
    expect(text).not.toMatch(/NaN|undefined|Infinity/u);
    expect(document(HEAD, { tools })).not.toContain('## Callers');
  });

  it('draws every point in the diagrams of the parts that were measured', () => {
    const circles = (some: Figures): number => plot(some).match(/<circle [^>]*r="3"/gu)?.length ?? 0;
    const all = figures({ shareOfMany: -0.05 });
    // With telemetry and without: 5 numbers of callers, 3 of tools, 2 lengths; and a share for each number of callers.
    expect(circles(all)).toBe(2 * (5 + 3 + 2) + 5);
    expect(circles({ tools: all.tools })).toBe(2 * 3);
    expect(plot(all)).toMatch(/^<svg [^]*<\/svg>\n$/u);
    expect(plot(all)).not.toMatch(/NaN|undefined|Infinity/u);
  });

  it('knows the cases of a process by their names', () => {
    const which = { who: 'ours', what: 'list', tools: 100 } as const;
    expect(caseOf(nameOf(which))).toEqual(which);
    expect(() => caseOf('ours list')).toThrow('no such case: ours list');
  });
});
