import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import { expectWithin } from '../../../setup/expectWithin.js';
import { runProcess } from '../instrumentedProcess.js';
import { createAuthority } from '../../../setup/certificates.js';
import { grpcJs, openGrpcFront } from './fronts.js';
import { sendOneOfEach, startWith } from './instrumented.js';

describe('OTLP over gRPC', () => {
  it.each([
    ['plain', {}],
    ['packed', { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' }],
  ])('carries all three signals, %s, with headers', async (_what, env) => {
    await using receiver = await startOtlpReceiver();
    await using front = await openGrpcFront(receiver.url);
    const h = startWith({
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${front.port}`,
      OTEL_EXPORTER_OTLP_HEADERS: 'X-Key=a%20b,te=never',
      ...env,
    });
    await sendOneOfEach(h);
    expect([receiver.spans().length, receiver.logRecords().length]).toEqual([1, 1]);
    expect(receiver.metricPoints().map(({ metric }) => metric)).toContain('c');
    expect(front.seen.map((headers) => headers['x-key'])).toEqual(['a b', 'a b', 'a b']);
    expect(front.seen[0]?.['user-agent']).toMatch(/^handoff-otel\//);
    expect(h.status().signals?.traces).toMatchObject({
      protocol: 'grpc',
      endpoint: `http://127.0.0.1:${front.port}/`,
      counts: { delivered: 1, failed: 0 },
    });
  });

  it('goes over TLS with the given authority, and proves who it is', async () => {
    const authority = createAuthority();
    const server = authority.issue('server');
    const client = authority.issue('client');
    const folder = mkdtempSync(join(tmpdir(), 'handoff-grpc-'));
    try {
      const files = {
        OTEL_EXPORTER_OTLP_CERTIFICATE: authority.cert,
        OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: client.cert,
        OTEL_EXPORTER_OTLP_CLIENT_KEY: client.key,
      };
      const env = Object.fromEntries(
        Object.entries(files).map(([name, text]) => {
          writeFileSync(join(folder, name), text);
          return [name, join(folder, name)];
        }),
      );
      await using receiver = await startOtlpReceiver();
      const credentials = grpcJs().ServerCredentials.createSsl(
        Buffer.from(authority.cert),
        [{ cert_chain: Buffer.from(server.cert), private_key: Buffer.from(server.key) }],
        true,
      );
      await using front = await openGrpcFront(receiver.url, { credentials });
      const h = startWith({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: `localhost:${front.port}`, ...env });
      await sendOneOfEach(h);
      expect([receiver.spans().length, receiver.logRecords().length]).toEqual([1, 1]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('gives up at once on what no retry can mend', async () => {
    await using receiver = await startOtlpReceiver();
    await using front = await openGrpcFront(receiver.url, { refuse: grpcJs().status.UNAUTHENTICATED });
    const h = startWith({
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${front.port}`,
      OTEL_METRICS_EXPORTER: 'none',
    });
    h.tracer.startSpan('s').end();
    await h.flush();
    expect([front.seen.length, h.status().signals?.traces.counts]).toMatchObject([1, { failed: 1, delivered: 0 }]);
  });

  it('sends many large items in requests that a receiver takes', async () => {
    await using receiver = await startOtlpReceiver();
    await using front = await openGrpcFront(receiver.url);
    const h = startWith({
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${front.port}`,
      OTEL_METRICS_EXPORTER: 'none',
    });
    for (let count = 0; count < 512; count += 1) h.logger.emit({ body: 'b'.repeat(10_000) });
    await h.flush();
    expect(h.status().signals?.logs.counts).toMatchObject({ delivered: 512, failed: 0 });
    expect(receiver.logRecords()).toHaveLength(512);
  });

  it('sends many points in requests that a receiver takes, each point once', async () => {
    await using receiver = await startOtlpReceiver();
    await using front = await openGrpcFront(receiver.url);
    const h = startWith({
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${front.port}`,
      OTEL_METRICS_EXEMPLAR_FILTER: 'always_on',
    });
    for (let instrument = 0; instrument < 5; instrument += 1) {
      const histogram = h.meter.createHistogram(`many.${instrument}`, { unit: 's' });
      for (let series = 0; series < 1900; series += 1) histogram.record(series, { 'gen_ai.tool.name': `${'t'.repeat(500)}.${series}` });
    }
    await h.flush();
    expect(h.status().signals?.metrics.counts).toMatchObject({ delivered: 1, failed: 0 });
    const points = receiver.metricPoints().filter(({ metric }) => metric.startsWith('many.'));
    expect(new Set(points.map(({ metric, attributes }) => JSON.stringify([metric, attributes['gen_ai.tool.name']]))).size).toBe(9500);
    expect(points).toHaveLength(9500);
    expect(front.seen.length).toBeGreaterThan(1);
  });

  it('connects anew when the connection is gone', async () => {
    await using receiver = await startOtlpReceiver();
    const first = await openGrpcFront(receiver.url);
    const h = startWith({
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${first.port}`,
      OTEL_METRICS_EXPORTER: 'none',
    });
    h.tracer.startSpan('one').end();
    await h.flush();
    await first[Symbol.asyncDispose]();
    await using second = await openGrpcFront(receiver.url, { port: first.port });
    h.tracer.startSpan('two').end();
    await h.flush();
    expect(second.seen.length).toBe(1);
    expect(receiver.spans().map(({ name }) => name)).toEqual(['one', 'two']);
  });
});

describe('a process that ends while gRPC', () => {
  const code = `import { instrument } from './src/instrumentation/instrument.ts';
    const h = instrument({ flushTimeoutMs: 1000 });
    h.tracer.startSpan('s').end();
    process.stderr.write('READY');`;
  const env = (port: number): Record<string, string> => ({
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
    OTEL_BSP_SCHEDULE_DELAY: '0',
  });
  const READY = (): void => {};

  it('works delivers its last span', async () => {
    await using receiver = await startOtlpReceiver();
    await using front = await openGrpcFront(receiver.url);
    const { code: exit, stdout, stderr } = await runProcess({ code, env: env(front.port) });
    expect([exit, stdout, receiver.spans().length], stderr).toEqual([0, '', 1]);
  });

  it('hangs ends within the bound', async () => {
    await using receiver = await startOtlpReceiver();
    await using front = await openGrpcFront(receiver.url, { hang: true });
    const { code: exit, durationMs, stderr } = await runProcess({ code, env: env(front.port), onReady: READY });
    expect(exit, stderr).toBe(0);
    expectWithin(durationMs, 1000, 3000);
    expect(front.seen.length).toBeGreaterThan(0);
  });

  it('accepts nothing, not even the connection’s first byte, ends within the bound', async () => {
    const mute = createServer(() => {}).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    try {
      const { code: exit, durationMs, stderr } = await runProcess({ code, env: env((mute.address() as AddressInfo).port), onReady: READY });
      expect(exit, stderr).toBe(0);
      expectWithin(durationMs, 1000, 3000);
    } finally {
      mute.close();
    }
  });

  it('is refused ends at once', async () => {
    const { code: exit, durationMs } = await runProcess({ code, env: env(1), onReady: READY });
    expect(exit).toBe(0);
    expectWithin(durationMs, 0, 2500);
  });
});
