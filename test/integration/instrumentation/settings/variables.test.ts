import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { context, propagation, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import { sendOneOfEach, startWith } from './instrumented.js';
import { expectWithin } from '../../../setup/expectWithin.js';

interface Seen {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Accepts whatever is posted and remembers where it went. */
async function openSink(): Promise<AsyncDisposable & { readonly url: string; readonly seen: readonly Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers });
    request.resume().on('end', () => response.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, [Symbol.asyncDispose]: close };
}

describe('OTEL_EXPORTER_OTLP_* on the wire', () => {
  it('paths, headers, encoding and packing go by signal', async () => {
    await using sink = await openSink();
    const h = startWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${sink.url}/base/`,
      OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${sink.url}/only/logs?key=1`,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x,x-all=1',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-all=traces',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json',
      OTEL_EXPORTER_OTLP_METRICS_COMPRESSION: 'gzip',
    });
    await sendOneOfEach(h);
    const of = (url: string): IncomingHttpHeaders | undefined => sink.seen.find((request) => request.url === url)?.headers;
    expect(of('/base/v1/traces')).toMatchObject({ authorization: 'Bearer x', 'x-all': 'traces', 'content-type': 'application/x-protobuf' });
    expect(of('/base/v1/metrics')).toMatchObject({ 'x-all': '1', 'content-type': 'application/json', 'content-encoding': 'gzip' });
    expect(of('/only/logs?key=1')).toMatchObject({ 'x-all': '1' });
    expect(h.status().signals?.logs.endpoint).toBe(`${sink.url}/only/logs`);
  });

  it('an export ends after OTEL_BSP_EXPORT_TIMEOUT', async () => {
    await using receiver = await startOtlpReceiver({ respond: 'hang' });
    const h = startWith({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_EXPORT_TIMEOUT: '200', OTEL_METRICS_EXPORTER: 'none' });
    h.tracer.startSpan('s').end();
    const startedMs = performance.now();
    await h.flush();
    expectWithin(performance.now() - startedMs, 200, 1800);
    expect(h.status().signals?.traces.counts).toMatchObject({ failed: 1 });
  });
});

describe('OTEL_* that the SDK acts on', () => {
  it.each([
    ['tracecontext,baggage', ['traceparent', 'baggage']],
    ['b3', ['b3']],
    ['b3multi', ['x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled']],
    ['none', []],
    ['nonsense', ['traceparent', 'baggage']],
  ])('OTEL_PROPAGATORS=%s', (names, headers) => {
    const h = startWith({
      OTEL_PROPAGATORS: names,
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
    });
    const span = h.tracer.startSpan('s');
    const carrier: Record<string, string> = {};
    const withBaggage = propagation.setBaggage(trace.setSpan(context.active(), span), propagation.createBaggage({ k: { value: 'v' } }));
    propagation.inject(withBaggage, carrier);
    expect(Object.keys(carrier).sort()).toEqual([...headers].sort());
  });

  it.each([
    [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, 0],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, 0],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '1' }, 1],
    [{ OTEL_TRACES_SAMPLER: 'nonsense' }, 1],
  ])('%j sends %d', async (env, spans) => {
    await using receiver = await startOtlpReceiver();
    const h = startWith({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: 'none', ...env });
    h.tracer.startSpan('s').end();
    await h.flush();
    expect(receiver.spans()).toHaveLength(spans);
  });

  it('limits of spans, their events and links, and of log records', async () => {
    await using receiver = await startOtlpReceiver();
    const h = startWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '1',
      OTEL_SPAN_EVENT_COUNT_LIMIT: '1',
      OTEL_SPAN_LINK_COUNT_LIMIT: '0',
      OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: '1',
      OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: '2',
    });
    const other = h.tracer.startSpan('other').spanContext();
    const span = h.tracer.startSpan('s', { attributes: { a: 'long', b: 2 }, links: [{ context: other }] });
    span.addEvent('one', { a: 1, b: 2 });
    span.addEvent('two', { a: 1, b: 2 });
    span.end();
    h.logger.emit({ body: 'b', attributes: { a: 'long' } });
    await h.flush();
    const [sent] = receiver.spans();
    expect([sent?.attributes, sent?.events.map(({ attributes }) => attributes), sent?.links]).toEqual([{ a: 'long' }, [{ a: 1 }], []]);
    expect(receiver.logRecords()[0]?.attributes).toEqual({ a: 'lo' });
  });

  it('temporality', async () => {
    await using receiver = await startOtlpReceiver();
    const h = startWith({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta' });
    const counter = h.meter.createCounter('c');
    counter.add(2);
    await h.flush();
    counter.add(3);
    await h.flush();
    expect(
      receiver
        .metricPoints()
        .filter(({ metric }) => metric === 'c')
        .map((point) => Number(Reflect.get(point, 'value'))),
    ).toEqual([2, 3]);
  });

  it('the specification’s cardinality limit', async () => {
    await using receiver = await startOtlpReceiver();
    const h = startWith({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const counter = h.meter.createCounter('c');
    for (let index = 0; index < 2100; index += 1) counter.add(1, { index });
    await h.flush();
    const points = receiver.metricPoints().filter(({ metric }) => metric === 'c');
    expect(points.length).toBeLessThanOrEqual(2000);
    expect(points.some(({ attributes }) => attributes['otel.metric.overflow'] === true)).toBe(true);
  });

  it('what nobody reads is named in the status, without its value', () => {
    const h = startWith({
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_EXPORTER_OTLP_HEADER: 'hunter2',
    });
    expect(h.status().notices).toEqual(['OTEL_EXPORTER_OTLP_HEADER is not a recognised setting and is ignored.']);
  });
});
