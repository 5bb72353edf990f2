import { describe, expect, it } from 'vitest';
import { judge } from '../../soak/server/judge.js';
import { plot } from '../../soak/server/plot.js';
import type { Reading } from '../../soak/server/sample.js';
import { lineThrough } from '../../soak/server/slope.js';

const MIB = 1024 * 1024;
/** Up and down by a tenth of a MiB, as heaps do. */
const noise = (index: number): number => ((index * 7) % 5) * 0.05 * MIB;

function readings(change: (index: number) => Partial<Reading> = () => ({}), bytesPerCall = 0): Reading[] {
  return Array.from({ length: 20 }, (_, index) => ({
    calls: index * 50_000,
    heapBytes: 50 * MIB + noise(index) + bytesPerCall * index * 50_000,
    externalBytes: 5 * MIB,
    rssBytes: 300 * MIB,
    handles: { TCPServerWrap: 2 },
    listeners: { SIGTERM: 1 },
    ...change(index),
  }));
}

describe('a line through points', () => {
  it('has the slope and the error of the slope', () => {
    const line = lineThrough([1, 2, 3, 4].map((x) => ({ x, y: [1, 3, 2, 4][x - 1] ?? 0 })));
    expect(line.slope).toBeCloseTo(0.8);
    expect(line.intercept).toBeCloseTo(0.5);
    expect(line.slopeError).toBeCloseTo(0.4243, 4);
    expect(() => lineThrough([{ x: 1, y: 1 }])).toThrow(RangeError);
  });
});

describe('the judge', () => {
  it('finds nothing in a heap that goes up and down', () => {
    expect(judge(readings()).problems).toEqual([]);
  });

  it('finds a few bytes of each call', () => {
    expect(judge(readings(undefined, 20)).problems).toEqual([expect.stringMatching(/^The heap grows by 2\d\.\d bytes with each call/u)]);
    expect(judge(readings((index) => ({ externalBytes: 5 * MIB + index * MIB }))).problems).toEqual([
      expect.stringMatching(/^Memory outside of the heap grows by 21\.0 bytes/u),
    ]);
  });

  it('says when nothing can be told', () => {
    const wild = readings((index) => ({ heapBytes: 50 * MIB + (index % 2) * 40 * MIB }));
    expect(judge(wild).problems).toEqual([expect.stringMatching(/^The heap goes up and down too much to tell a leak/u)]);
  });

  it('allows a short run what still warms up', () => {
    const short = (bytesPerCall: number): Reading[] =>
      readings((index) => ({ calls: index * 1000, heapBytes: 50 * MIB + noise(index) + bytesPerCall * index * 1000 }));
    expect(judge(short(60)).problems).toEqual([]);
    expect(judge(short(200)).problems).toHaveLength(1);
  });

  it('finds what is opened and stays, and no connection that was open at a moment', () => {
    expect(judge(readings((index) => ({ handles: { TCPServerWrap: 2, TCPSocketWrap: index === 12 ? 9 : 4 } }))).problems).toEqual([]);
    expect(judge(readings((index) => ({ handles: { TCPSocketWrap: 4 + index } }))).problems).toEqual([
      'There are more handles of TCPSocketWrap: 13 before, 14 and more after.',
    ]);
    expect(judge(readings((index) => ({ listeners: index < 5 ? {} : { exit: Math.floor(index / 5) } }))).problems).toEqual([
      'There are more listeners of exit: 1 before, 2 and more after.',
    ]);
  });

  it('draws every reading', () => {
    const points = readings().map(({ calls: x, heapBytes: y }) => ({ x, y }));
    const svg = plot(points, lineThrough(points));
    expect(svg.match(/<circle /gu)).toHaveLength(20);
    expect(svg).toMatch(/^<svg [^]*<\/svg>\n$/u);
    expect(svg).not.toContain('NaN');
  });
});
