import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readFigures, type Figures } from '../../../bench/collector/figures.js';
import { collectorDocument } from '../../../bench/collector/document.js';
import { sizesOf } from './fleet.js';
import { assumed, sizingDocument } from './sizingDocument.js';

it('docs/sizing.md is what the measured figures give; regenerate with `npm run docs`', async () => {
  await expect(sizingDocument(readFigures())).toMatchFileSnapshot('../../../../docs/sizing.md');
});

it('docs/comparisons/collector.md shows the same figures', () => {
  expect(readFileSync('docs/comparisons/collector.md', 'utf8')).toBe(collectorDocument(readFigures()));
});

const measured = (median: number): Figures['rates'][number]['cores'] => ({ median, min: median, max: median });

/** Round figures, so that the sizes can be checked by head. */
const round: Pick<Figures, 'units' | 'rates'> = {
  units: {
    spansPerCall: 4,
    logRecordsPerCall: 2,
    pointsPerExport: 60,
    wireBytes: { span: 500, logRecord: 400, point: 200 },
    sentBytes: { span: 50, logRecord: 40, point: 20 },
    queueBytesPerItem: 100,
    series: { server: 900, derived: 100, collector: 600, perToolSucceeding: 10, perToolFailingToo: 20 },
    scrapeBytesOf100Tools: 1,
  },
  rates: ['one tier', 'two tiers'].map((setUp) => ({
    setUp,
    askedSpansPerSecond: 1000,
    spansPerSecond: measured(1000),
    logRecordsPerSecond: measured(500),
    pointsPerSecond: measured(10),
    cores: measured(0.5),
    generatorCores: measured(0.1),
    residentBytes: measured(1),
    refusedRequests: 0,
  })),
};

it('calculates a fleet from units', () => {
  const sizes = sizesOf(
    {
      ...assumed,
      servers: 100,
      callsPerSecond: 10,
      peakFactor: 5,
      metricIntervalSeconds: 60,
      outageHours: 1,
      collectorCores: 2,
      collectorBusy: 0.5,
    },
    round,
  );
  // 100 servers x 10 calls/s x 4 spans; a core takes 2,000, so that a collector takes 2,000 in the busiest minute, which has 20,000.
  expect(sizes).toMatchObject({ spansPerSecond: 4000, logRecordsPerSecond: 2000, collectors: 10, gateways: 5, nodes: 5 });
  // 100 x 900 of servers, 10 x (600 + 100) of collectors.
  expect(sizes).toMatchObject({ series: 97_000, samplesPerSecond: 97_000 / 60, prometheusIsEnough: true });
  expect(sizes.receivedBytesPerSecond).toBe(4000 * 500 + 2000 * 400 + 100 * 200);
  expect(sizes.queueItems).toBe(((4000 + 2000 + 100) * 3600) / 10);
  expect(sizes.queueGb).toBeCloseTo(0.2196, 6);
  // 4,000 x 117 bytes x 86,400 s, for 14 days.
  expect(sizes.gbPerDay.traces).toBeCloseTo(40.4352, 6);
  expect(sizes.gbKept.traces).toBeCloseTo(566.0928, 4);
  // 4,000 x 500 bytes x 5 is more than 5 MB/s; 2,000 x 400 bytes make 69 GB a day.
  expect(sizes).toMatchObject({ tempoIsEnough: false, tempoDistributors: 1, lokiIsEnough: false });
});

it('needs one collector, and two in a tier, however small the fleet is', () => {
  expect(sizesOf({ ...assumed, servers: 1, callsPerSecond: 0.01 }, round)).toMatchObject({ collectors: 1, gateways: 2, nodes: 2 });
});

it('says what is missing when a set-up was not measured', () => {
  expect(() => sizesOf({ ...assumed, servers: 1 }, { ...round, rates: [] })).toThrow('There is no figure of "one tier"');
});
