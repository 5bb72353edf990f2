import { describe, expect, it } from 'vitest';
import type { MeasuredRound } from '../../bench/measure.js';
import { document } from '../../bench/peers/document.js';
import { addedUs, perCall, verdictOf } from '../../bench/peers/figures.js';
import { turnsOf } from '../../bench/peers/rounds.js';
import type { Measured } from '../../bench/peers/rounds.js';
import { OFF, OURS, preloadOf, subjects } from '../../bench/peers/subjects.js';
import { Tally } from '../../bench/peers/tally.js';

const HEAD = { command: 'npm run bench peers', date: '2026-01-01', machine: ['a machine'], loadAverage: 0, rounds: 3, roundSeconds: 1 };

const round = (callsPerSecond: number, server: number): MeasuredRound => ({
  calls: callsPerSecond,
  callsPerSecond,
  latenciesMs: new Float64Array(callsPerSecond).fill(2),
  cpuUs: { server, postgres: 200, receiver: 10, driver: 30 },
});

describe('ours beside a peer', () => {
  const peer = [round(1000, 200), round(500, 400), round(2000, 100)];

  it('costs less when rounds that were measured together say so, however much they differ from each other', () => {
    const { cpu, rate, outcome } = verdictOf([round(1100, 180), round(550, 360), round(2200, 90)], peer);
    expect(cpu).toEqual({ low: expect.closeTo(0.9), median: expect.closeTo(0.9), high: expect.closeTo(0.9) });
    expect(rate.median).toBeCloseTo(1.1);
    expect(outcome).toBe('met');
  });

  it('does not cost less when it takes more CPU, or does fewer calls', () => {
    expect(verdictOf([round(1100, 210), round(550, 420), round(2200, 110)], peer).outcome).toBe('missed');
    expect(verdictOf([round(900, 180), round(450, 360), round(1800, 90)], peer).outcome).toBe('missed');
    expect(verdictOf(peer, peer).outcome).toBe('missed');
  });

  it('is within the noise when the medians say so and the quartiles do not', () => {
    expect(verdictOf([round(1100, 180), round(550, 360), round(2200, 140)], peer).outcome).toBe('noise');
    expect(verdictOf([round(1100, 180), round(550, 360), round(1200, 90)], peer).outcome).toBe('noise');
  });

  it('adds what it takes more than the same server without telemetry in the same round', () => {
    expect(addedUs([round(1, 150), round(1, 450), round(1, 120)], [round(1, 100), round(1, 390), round(1, 50)])).toMatchObject({
      median: 60,
    });
  });
});

describe('what arrives', () => {
  const arrival = (path: string, body: Buffer | string, isJson = typeof body === 'string') => ({
    path,
    isJson,
    body: Buffer.from(body),
    wireBytes: body.length,
  });
  const field = (number: number, content: Buffer | string): Buffer =>
    Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), Buffer.from(content)]);
  const inScope = (...items: readonly Buffer[]): Buffer => field(1, field(2, Buffer.concat(items.map((item) => field(2, item)))));
  const histogram = (temporality: number, count: number): string =>
    JSON.stringify({
      resourceMetrics: [
        {
          scopeMetrics: [
            { scope: { name: 's' }, metrics: [{ name: 'm', histogram: { aggregationTemporality: temporality, dataPoints: [{ count }] } }] },
          ],
        },
      ],
    });
  const tallied = (...arrivals: ReturnType<typeof arrival>[]) => {
    const tally = new Tally();
    for (const one of arrivals) tally.add(one);
    return tally.received();
  };

  it('is counted alike in protobuf and in JSON', () => {
    const spans = { resourceSpans: [{ scopeSpans: [{ spans: [{ name: 'a' }, { name: 'b' }] }, { spans: [{ name: 'a' }] }] }] };
    const records = { resourceLogs: [{ scopeLogs: [{ logRecords: [{}, {}] }] }] };
    const inJson = tallied(arrival('/v1/traces', JSON.stringify(spans)), arrival('/v1/logs', JSON.stringify(records)));
    const inProtobuf = tallied(
      arrival('/v1/traces', Buffer.concat([inScope(field(5, 'a'), field(5, 'b')), inScope(field(5, 'a'))])),
      arrival('/v1/logs', inScope(field(5, ''), field(5, ''))),
    );
    expect(inJson).toMatchObject({ spansByName: { a: 2, b: 1 }, logRecords: 2 });
    expect(inProtobuf).toMatchObject({ spansByName: { a: 2, b: 1 }, logRecords: 2 });
  });

  it('counts measurements once, whether exports count from the start or from the last export', () => {
    const [delta, cumulative] = [1, 2];
    expect(tallied(arrival('/v1/metrics', histogram(cumulative, 3)), arrival('/v1/metrics', histogram(cumulative, 5)))).toMatchObject({
      metrics: ['m'],
      measurements: 5,
    });
    expect(tallied(arrival('/v1/metrics', histogram(delta, 3)), arrival('/v1/metrics', histogram(delta, 5))).measurements).toBe(8);
  });

  it('is counted in envelopes of Sentry: streamed spans, transactions with their children, records and metrics', () => {
    const lines = [
      {},
      { type: 'span' },
      { items: [{ name: 'a' }, { name: 'b' }] },
      { type: 'transaction' },
      { transaction: 'a', spans: [{ description: 'c' }] },
      { type: 'log' },
      { items: [{}, {}, {}] },
      { type: 'trace_metric' },
      { items: [{ name: 'm' }] },
    ];
    const got = tallied(arrival('/api/1/envelope/', lines.map((line) => JSON.stringify(line)).join('\n')));
    expect(got).toMatchObject({ spansByName: { a: 2, b: 1, c: 1 }, logRecords: 3, metrics: ['m'], measurements: 0 });
  });

  it('is said for a call, without the spans of the start', () => {
    const received = {
      spansByName: { call: 1000, sql: 250, migration: 9 },
      logRecords: 1100,
      metrics: ['m'],
      measurements: 3000,
      bytes: 5e5,
    };
    expect(perCall({ calls: 1000, received })).toEqual({
      spans: 1.25,
      names: [
        ['call', 1],
        ['sql', 0.25],
      ],
      logRecords: 1.1,
      measurements: 3,
      bytes: 500,
    });
    expect(perCall({ calls: 1000, received: undefined })).toBeUndefined();
  });
});

describe('the rounds', () => {
  it('give every subject each place, and another one before it', () => {
    const all = ['a', 'b', 'c', 'd'];
    const orders = Array.from({ length: 8 }, (_, index) => turnsOf(all, index));
    for (const order of orders) expect(order.toSorted()).toEqual(all);
    expect(new Set(orders.map(([first]) => first))).toEqual(new Set(all));
    expect(new Set(orders.map((order) => order[order.indexOf('b') - 1]))).toEqual(new Set([undefined, 'a', 'c']));
  });
});

describe('the page', () => {
  const measured: readonly Measured[] = subjects.map((subject, index) => ({
    subject,
    rounds: [round(1000, 100 + 10 * index), round(1100, 90 + 10 * index)],
    calls: 100,
    received:
      subject.name === OFF
        ? undefined
        : { spansByName: { 'SELECT handoff_test_12ab': 100 }, logRecords: 100, metrics: ['m'], measurements: 100, bytes: 1000 },
  }));

  it('has a verdict for each peer, and a row for each in the other tables with the versions of its lockfile', () => {
    const text = document(HEAD, measured);
    const peers = subjects.filter(({ name }) => name !== OFF && name !== OURS);
    expect(text.match(/\| (?:met|within the noise|\*\*missed\*\*) \|$/gmu)).toHaveLength(peers.length);
    for (const { title, packages } of peers) {
      expect(text.split('\n').filter((line) => line.startsWith(`| ${title} |`))).toHaveLength(4);
      for (const name of packages) expect(text).toMatch(new RegExp(`${name} \\d+\\.\\d+\\.\\d+`, 'u'));
    }
    expect(text).toContain('1.00 `SELECT DATABASE`');
    expect(text).toContain('+10 µs');
    expect(text).not.toMatch(/NaN|undefined|Infinity|handoff_test_/u);
  });

  it('loads a peer before the server, and nothing where the server has its own telemetry or none', () => {
    for (const subject of subjects) expect(preloadOf(subject)).toHaveLength(subject.peer === undefined ? 0 : 2);
  });
});

describe('servers that are wrapped at their class', () => {
  type Tool = (this: Server, name: string, handle: () => string) => void;
  class Server {
    readonly tools = new Map<string, () => string>();
    registerTool(name: string, handle: () => string): void {
      this.tools.set(name, handle);
    }
  }
  const traced = (handle: () => string) => () => `traced ${handle()}`;
  const ways: Readonly<Record<string, (server: Server) => { registerTool: Tool }>> = {
    'methods of its own': (server) => {
      const before = server.registerTool;
      return Object.assign(server, { registerTool: (name: string, handle: () => string) => before.call(server, name, traced(handle)) });
    },
    'a Proxy': (server) =>
      new Proxy(server, {
        get: (target, key) =>
          key === 'registerTool'
            ? (name: string, handle: () => string) => target.registerTool(name, traced(handle))
            : Reflect.get(target, key),
      }),
    'something else': (server) => ({ registerTool: (name, handle) => server.registerTool(name, traced(handle)) }),
  };

  it.each(Object.entries(ways))('have each tool traced once by %s', async (_name, wrap) => {
    const path = '../../bench/mcp/peers/inServer.mjs';
    const { wrapServersOf } = (await import(path)) as { wrapServersOf: (of: typeof Server, wrap: (server: Server) => object) => void };
    class Mine extends Server {}
    Mine.prototype.registerTool = Server.prototype.registerTool;
    wrapServersOf(Mine, wrap);
    for (const server of [new Mine(), new Mine()]) {
      for (const name of ['a', 'b', 'c']) server.registerTool(name, () => name);
      expect([...server.tools].map(([name, handle]) => [name, handle()])).toEqual(['a', 'b', 'c'].map((name) => [name, `traced ${name}`]));
    }
  });
});
