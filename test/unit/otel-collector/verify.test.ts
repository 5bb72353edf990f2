import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const folder = new URL('../../../otel-collector/', import.meta.url);
const { compare, isEqual, readLedger } = await import(new URL('verify/ledger.mjs', folder).href);
const { readExport } = await import(new URL('verify/exported.mjs', folder).href);

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'verify-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const text = (stringValue: string): object => ({ stringValue });
const resource = { attributes: [{ key: 'service.name', value: text('handoff') }] };
const write = (signal: string, ...documents: object[]): void => {
  writeFileSync(join(dir, `${signal}.jsonl`), documents.map((document) => `${JSON.stringify(document)}\n`).join(''));
};
const tracesOf = (...spanIds: string[]): object => ({
  resourceSpans: [
    { resource, scopeSpans: [{ scope: { name: 'mcp' }, spans: spanIds.map((spanId) => ({ traceId: 'aa', spanId, name: 'tools/call' })) }] },
  ],
});

describe('readExport', () => {
  it('flattens spans of every line with their resource and scope', () => {
    write('traces', tracesOf('01', '02'), tracesOf('03'));
    const { spans, metricPoints, logRecords } = readExport(dir);
    expect(spans.map(({ spanId }: { spanId: string }) => spanId)).toEqual(['01', '02', '03']);
    expect(spans[0]).toMatchObject({ resource: { 'service.name': 'handoff' }, scope: 'mcp', attributes: {} });
    expect([metricPoints, logRecords]).toEqual([[], []]);
  });

  it('counts every point of every kind of metric', () => {
    const dataPoints = [{ timeUnixNano: '1' }, { timeUnixNano: '2', attributes: [{ key: 'tool', value: text('a') }] }];
    const metrics = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'].map((kind) => ({
      name: kind,
      unit: 's',
      [kind]: { dataPoints },
    }));
    write('metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] });
    const { metricPoints } = readExport(dir);
    expect(metricPoints).toHaveLength(10);
    expect(metricPoints[3]).toMatchObject({
      name: 'sum',
      kind: 'sum',
      unit: 's',
      timeUnixNano: '2',
      attributes: { tool: 'a' },
      resource: { 'service.name': 'handoff' },
    });
  });

  it('gives log bodies and attributes as plain values', () => {
    const body = { kvlistValue: { values: [{ key: 'ids', value: { arrayValue: { values: [{ intValue: '7' }, { boolValue: true }] } } }] } };
    write('logs', {
      resourceLogs: [
        { resource, scopeLogs: [{ logRecords: [{ timeUnixNano: '1', body, attributes: [{ key: 'n', value: { doubleValue: 0.5 } }] }] }] },
      ],
    });
    expect(readExport(dir).logRecords[0]).toMatchObject({ body: { ids: ['7', true] }, attributes: { n: 0.5 } });
  });
});

describe('compare', () => {
  const made = (...spanIds: string[]): object => ({
    spans: spanIds.map((spanId) => ({ serviceName: 'handoff', traceId: 'aa', spanId })),
    metricPoints: 0,
    logRecords: 0,
  });
  const compareSpans = (ledger: object, ...written: string[]): { missing: string[]; extra: string[] } => {
    write('traces', tracesOf(...written));
    return compare(ledger, readExport(dir))[0];
  };

  it('is equal when each record arrived once, in any order', () => {
    expect(isEqual(compareSpans(made('01', '02'), '02', '01'))).toBe(true);
  });

  it('names what is missing', () => {
    const comparison = compareSpans(made('01', '02'), '01');
    expect(comparison).toMatchObject({ missing: ['serviceName=handoff traceId=aa spanId=02'], extra: [] });
    expect(isEqual(comparison)).toBe(false);
  });

  it('names what arrived twice, though the number is right', () => {
    const comparison = compareSpans(made('01', '02'), '01', '01');
    expect(comparison).toMatchObject({
      made: 2,
      written: 2,
      missing: ['serviceName=handoff traceId=aa spanId=02'],
      extra: ['serviceName=handoff traceId=aa spanId=01'],
    });
    expect(isEqual(comparison)).toBe(false);
  });

  it('compares numbers where the ledger has only a number', () => {
    write('traces', tracesOf('01'));
    expect(isEqual(compare({ spans: 1, metricPoints: 0, logRecords: 0 }, readExport(dir))[0])).toBe(true);
    expect(isEqual(compare({ spans: 2, metricPoints: 0, logRecords: 0 }, readExport(dir))[0])).toBe(false);
  });

  it('refuses a list that says nothing to compare by', () => {
    expect(() => compareSpans({ spans: [{ colour: 'red' }], metricPoints: 0, logRecords: 0 }, '01')).toThrow('nothing to compare by');
  });

  it('refuses a ledger without one of the signals', () => {
    const path = join(dir, 'ledger.json');
    writeFileSync(path, JSON.stringify({ spans: [], metricPoints: 3 }));
    expect(() => readLedger(path)).toThrow(`The ledger ${path} has no "logRecords"`);
  });
});

describe('build.mjs', () => {
  const build = (env: Record<string, string>) =>
    spawnSync(process.execPath, [new URL('build.mjs', folder).pathname], { env, encoding: 'utf8' });

  it('says in one sentence that Go is missing', () => {
    const { status, stdout, stderr } = build({ PATH: dir, HANDOFF_OTELCOL_CACHE_DIR: join(dir, 'cache') });
    expect(stderr).toMatch(/^Go 1\.26 or newer is needed to build the collector, but no working `go` was found[^\n]*\n$/);
    expect({ status, stdout, left: readdirSync(dir) }).toEqual({ status: 1, stdout: '', left: [] });
  });

  it('says in one sentence that Go is too old', () => {
    writeFileSync(join(dir, 'go'), '#!/bin/sh\necho go1.25.9\n', { mode: 0o755 });
    const { status, stderr } = build({ PATH: `${dir}:/bin:/usr/bin`, HANDOFF_OTELCOL_CACHE_DIR: join(dir, 'cache') });
    expect(stderr).toMatch(/^Go 1\.26 or newer is needed to build the collector, but `go` on the PATH is go1\.25\.9: [^\n]*\n$/);
    expect(status).toBe(1);
  });
});
