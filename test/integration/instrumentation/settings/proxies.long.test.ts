import { afterAll, describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import { runProcess } from '../instrumentedProcess.js';
import { openForwardProxy } from './forwardProxy.js';
import { grpcJs, openGrpcFront, openTlsFront } from './fronts.js';
import { tlsFiles } from '../../../setup/tlsFiles.js';
import { expectWithin } from '../../../setup/expectWithin.js';

const { server, ca: CA, remove } = tlsFiles();
afterAll(remove);

const PROGRAM = (ending = '') => `
  import { instrument } from './src/instrumentation/instrument.ts';
  const h = instrument({ prometheus: { enabled: false }, flushTimeoutMs: 20000 });
  h.tracer.startSpan('s').end();
  ${ending}`;
const COMMON = { OTEL_METRICS_EXPORTER: 'none', OTEL_EXPORTER_OTLP_TIMEOUT: '20000' };
const PATH = '/v1/traces';

/** Several processes one after the other, on a loaded machine. */
const SLOW_MS = 120_000;
const SLACK_MS = 10_000;

describe('OTLP through the proxy of Node’s own requests', { timeout: SLOW_MS }, () => {
  it.each<readonly [string, Record<string, string>, readonly string[], boolean]>([
    ['NODE_USE_ENV_PROXY=1', { NODE_USE_ENV_PROXY: '1' }, [], true],
    ['--use-env-proxy', {}, ['--use-env-proxy'], true],
    ['neither of them', {}, [], false],
    ['NO_PROXY with the receiver', { NODE_USE_ENV_PROXY: '1', NO_PROXY: 'example.org, 127.0.0.1' }, [], false],
  ])('with %s', async (_what, env, flags, isProxied) => {
    await using receiver = await startOtlpReceiver();
    await using proxy = await openForwardProxy();
    const outcome = await runProcess({
      code: PROGRAM(),
      flags,
      env: { ...COMMON, HTTP_PROXY: proxy.url.replace('//', '//user:p%40ss@'), OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env },
    });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(receiver.spans()).toHaveLength(1);
    expect(proxy.asked).toEqual(isProxied ? [`POST ${receiver.url}${PATH}`] : []);
    if (isProxied)
      expect(proxy.headers[0]).toMatchObject({ 'proxy-authorization': `Basic ${Buffer.from('user:p@ss').toString('base64')}` });
  });

  it('to HTTPS by CONNECT, also what a thread sends at process.exit()', async () => {
    await using receiver = await startOtlpReceiver();
    await using front = await openTlsFront(receiver.url, { cert: server.cert, key: server.key });
    await using proxy = await openForwardProxy();
    const env = {
      ...COMMON,
      ...CA,
      NODE_USE_ENV_PROXY: '1',
      HTTPS_PROXY: proxy.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: `https://localhost:${front.port}`,
      HANDOFF_FLUSH_ON_PROCESS_EXIT: 'true',
    };
    const code = PROGRAM(`await h.flush(); h.tracer.startSpan('last').end(); process.exit(4);`);
    expect(await runProcess({ code, env })).toMatchObject({ code: 4, stderr: '' });
    expect(receiver.spans().map(({ name }) => name)).toEqual(['s', 'last']);
    expect(proxy.asked).toEqual([`CONNECT localhost:${front.port}`, `CONNECT localhost:${front.port}`]);
  });

  it('by gRPC through CONNECT', async () => {
    await using receiver = await startOtlpReceiver();
    await using front = await openGrpcFront(receiver.url);
    await using proxy = await openForwardProxy();
    const env = {
      ...COMMON,
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: proxy.url.replace('//', '//user:pw@'),
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${front.port}`,
    };
    expect(await runProcess({ code: PROGRAM(`h.logger.emit({ body: 'b' });`), env })).toMatchObject({ code: 0, stderr: '' });
    expect([receiver.spans().length, receiver.logRecords().length]).toEqual([1, 1]);
    expect(proxy.asked).toEqual([`CONNECT 127.0.0.1:${front.port}`, `CONNECT 127.0.0.1:${front.port}`]);
    expect(proxy.headers[0]).toMatchObject({ 'proxy-authorization': `Basic ${Buffer.from('user:pw').toString('base64')}` });
  });

  it('by gRPC over TLS, whose certificate is checked inside the tunnel', async () => {
    await using receiver = await startOtlpReceiver();
    const credentials = grpcJs().ServerCredentials.createSsl(
      Buffer.from(server.cert),
      [{ cert_chain: Buffer.from(server.cert), private_key: Buffer.from(server.key) }],
      false,
    );
    await using front = await openGrpcFront(receiver.url, { credentials });
    await using proxy = await openForwardProxy();
    const env = {
      ...COMMON,
      NODE_USE_ENV_PROXY: '1',
      HTTPS_PROXY: proxy.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_ENDPOINT: `https://localhost:${front.port}`,
    };
    expect(await runProcess({ code: PROGRAM(), env: { ...env, ...CA } })).toMatchObject({ code: 0, stderr: '' });
    expect(receiver.spans()).toHaveLength(1);
    await runProcess({ code: PROGRAM(), env });
    expect(receiver.spans()).toHaveLength(1);
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT localhost:${front.port}`]));
  });

  it.each(['http', 'https', 'grpc'])('%s: one that hangs or refuses keeps no process alive and is named', async (scheme) => {
    await using receiver = await startOtlpReceiver();
    const protocol = scheme === 'grpc' ? { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' } : {};
    const endpoint = receiver.url.replace('http:', scheme === 'https' ? 'https:' : 'http:');
    for (const behaviour of ['hang', 407] as const) {
      await using proxy = await openForwardProxy({ behaviour });
      const env = {
        ...COMMON,
        ...protocol,
        NODE_USE_ENV_PROXY: '1',
        HTTP_PROXY: proxy.url,
        HTTPS_PROXY: proxy.url,
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        HANDOFF_FLUSH_TIMEOUT_MS: '1000',
      };
      const outcome = await runProcess({
        code: PROGRAM(`process.stderr.write('READY');`).replace('flushTimeoutMs: 20000', ''),
        env,
        onReady: () => undefined,
      });
      expect(outcome).toMatchObject({ code: 0, signal: null });
      expectWithin(outcome.durationMs, 1000, SLACK_MS);
      expect(proxy.asked.length).toBeGreaterThan(0);
      if (behaviour === 407) expect(outcome.stderr).toContain('407');
    }
  });
});
