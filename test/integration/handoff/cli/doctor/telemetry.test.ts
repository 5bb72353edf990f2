import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../../src/testing.js';
import type { OtlpReceiver } from '../../../../../src/testing.js';
import { freePort } from '../../../../setup/freePort.js';
import { finding, runDoctor } from './runDoctor.js';

let receiver: OtlpReceiver | undefined;
let other: NetServer | undefined;
afterEach(async () => {
  await receiver?.close();
  (other as Server | undefined)?.closeAllConnections?.();
  other?.close();
  receiver = undefined;
  other = undefined;
});

async function listening(server: NetServer): Promise<string> {
  other = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = (listener: RequestListener): Promise<string> => listening(createServer(listener));

/** What `telemetry.delivery` found: of the span, the metric point and the log record. */
async function delivery(
  endpoint: string,
  env: NodeJS.ProcessEnv = {},
): Promise<readonly (readonly [string, string, string | undefined])[]> {
  const findings = (await runDoctor(['telemetry.delivery'], { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...env })).get('telemetry.delivery');
  return (findings ?? []).map(({ verdict, says, remedy }) => [verdict, says, remedy]);
}

describe('telemetry.delivery', () => {
  it('sends a span, a metric point and a log record, and says that they were taken', async () => {
    receiver = await startOtlpReceiver();
    const found = await delivery(receiver.url, { OTEL_TRACES_SAMPLER: 'always_off' });
    expect(found.map(([verdict]) => verdict)).toEqual(['fine', 'fine', 'fine']);
    const [span] = receiver.spans();
    expect(span?.name).toBe('handoff.doctor.probe');
    expect(receiver.logRecords()).toMatchObject([{ eventName: 'handoff.doctor.probe', traceId: span?.traceId }]);
    expect(receiver.metricPoints().map(({ metric }) => metric)).toContain('handoff.operation.duration');
  });

  it('tells that nothing listens', async () => {
    const found = await delivery(`http://127.0.0.1:${await freePort()}`);
    expect(found.map(([verdict, says]) => [verdict, says.slice(-15)])).toEqual(Array(3).fill(['failure', '(ECONNREFUSED).']));
    expect(found[0]?.[2]).toContain('start the collector');
  });

  it.each([
    [404, 'Nothing takes OTLP at that path.'],
    [401, 'OTEL_EXPORTER_OTLP_HEADERS'],
    [415, 'set OTEL_EXPORTER_OTLP_PROTOCOL'],
  ])('tells a receiver that answers %i', async (refuseStatus, remedy) => {
    receiver = await startOtlpReceiver({ respond: { refuseStatus } });
    const found = await delivery(receiver.url);
    expect(found.map(([verdict]) => verdict)).toEqual(['failure', 'failure', 'failure']);
    expect(found[0]?.[1]).toContain(`(${refuseStatus}).`);
    expect(found[0]?.[2]).toContain(remedy);
  });

  it('tells a web page', async () => {
    const url = await answering((request, response) => {
      request.resume().on('end', () => response.setHeader('content-type', 'text/html').end('<!doctype html><title>Sign in</title>'));
    });
    const found = await delivery(url);
    expect(found.map(([verdict, says]) => [verdict, says.slice(-11)])).toEqual(Array(3).fill(['failure', '(not_otlp).']));
    expect(found[0]?.[2]).toContain('web site');
  });

  it('tells a receiver that takes the request and rejects what is in it, with its words', async () => {
    const url = await answering((request, response) => {
      request.resume().on('end', () => {
        const [count] = ['rejectedSpans', 'rejectedDataPoints', 'rejectedLogRecords'].filter((_, index) =>
          request.url?.endsWith(['traces', 'metrics', 'logs'][index] ?? ''),
        );
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ partialSuccess: { [count ?? '']: '1', errorMessage: 'the tenant is full' } }));
      });
    });
    const found = await delivery(url, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
    expect(found.map(([verdict]) => verdict)).toEqual(['failure', 'failure', 'failure']);
    expect(found[0]?.[1]).toContain('answered, and rejected the span');
    expect(found[1]?.[1]).toContain('answered, and rejected the metric point');
    expect(found.map(([, , remedy]) => remedy)).toEqual(Array(3).fill(expect.stringContaining('it says: the tenant is full')));
  });

  it('tells a port of gRPC that is asked over HTTP', async () => {
    const url = await listening(createHttp2());
    const found = await delivery(url);
    expect(found.map(([verdict]) => verdict)).toEqual(['failure', 'failure', 'failure']);
    expect(found[0]?.[2]).toContain('That port speaks gRPC: use the one for OTLP over HTTP (usually 4318)');
  });

  it('tells a port of HTTP that is asked by gRPC', async () => {
    const url = await answering((_request, response) => response.end());
    const found = await delivery(url, { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' });
    expect(found[0]?.[2]).toContain('That port speaks HTTP and not gRPC');
  });

  it('tells a port without TLS that is asked with it', async () => {
    const url = await answering((_request, response) => response.end());
    const found = await delivery(url.replace('http:', 'https:'));
    expect(found[0]?.[2]).toContain('That port speaks no TLS');
  });

  it('sends nothing while telemetry is off', async () => {
    expect(await finding('telemetry.delivery', { OTEL_SDK_DISABLED: 'true' })).toEqual({
      verdict: 'skipped',
      says: 'Nothing was sent, because telemetry is off.',
    });
  });

  it('shows no credentials', async () => {
    receiver = await startOtlpReceiver({ respond: { refuseStatus: 401 } });
    const url = receiver.url.replace('://', '://user:very-secret@');
    const found = await delivery(url, { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20very-secret' });
    expect(found).toHaveLength(3);
    expect(JSON.stringify(found)).not.toContain('very-secret');
  });
});

describe('telemetry.settings', () => {
  it('tells misspelt and unusable variables, and signals that go nowhere', async () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPIONT: 'http://x', OTEL_BSP_MAX_QUEUE_SIZE: 'many', OTEL_LOGS_EXPORTER: 'none' };
    const findings = (await runDoctor(['telemetry.settings'], env)).get('telemetry.settings');
    expect(findings?.map(({ verdict, remedy }) => [verdict, remedy])).toEqual(
      expect.arrayContaining([
        ['warning', 'Did you mean OTEL_EXPORTER_OTLP_ENDPOINT?'],
        ['warning', expect.stringContaining('docs/configuration.md')],
        ['warning', 'Set OTEL_LOGS_EXPORTER=otlp if you want them.'],
      ]),
    );
    expect(findings).toHaveLength(3);
  });
});

describe('telemetry.arrival', () => {
  const asked: string[] = [];
  /** Answers as Tempo, Prometheus and Loki do, of a receiver in front of which a collector stands that passes everything on. */
  const backEnd: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', 'http://back-end');
    asked.push(decodeURIComponent(`${url.pathname}${url.search}`));
    const traceId = receiver?.spans()[0]?.traceId ?? 'none';
    const isTempo = url.pathname === `/base/api/traces/${traceId}`;
    const isLoki = url.searchParams.get('query')?.includes(traceId) === true;
    const isPrometheus = url.pathname === '/base/api/v1/query';
    const instance = receiver?.resources()[0]?.attributes['service.instance.id'];
    response.statusCode = isTempo || isLoki || isPrometheus ? 200 : 404;
    const result = isPrometheus ? [{ metric: { instance }, value: [0, '0'] }] : [{}];
    response.end(JSON.stringify({ data: { result } }));
  };

  it('is found in Tempo, Prometheus and Loki', async () => {
    receiver = await startOtlpReceiver();
    const base = new URL(`${await answering(backEnd)}/base`);
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    const results = await runDoctor(['telemetry.arrival'], env, { tempoUrl: base, prometheusUrl: base, lokiUrl: base });
    expect(results.get('telemetry.arrival')?.map(({ verdict, says }) => [verdict, says])).toEqual([
      ['fine', `The span arrived at ${base.origin}.`],
      ['fine', `The metric point arrived at ${base.origin}.`],
      ['fine', `The log record arrived at ${base.origin}.`],
    ]);
    expect(
      asked.some((path) =>
        path.includes('timestamp(handoff_operation_duration_seconds_count{handoff_operation_name="handoff.doctor.probe"})'),
      ),
    ).toBe(true);
  });
});
