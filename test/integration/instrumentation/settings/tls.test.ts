import { afterAll, describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import { openTlsFront } from './fronts.js';
import { sendOneOfEach, startWith } from './instrumented.js';
import { tlsFiles } from '../../../setup/tlsFiles.js';

const { authority, server, ca: CA, mutual: MUTUAL, fileOf, remove } = tlsFiles();
afterAll(remove);

describe('OTLP over TLS', () => {
  it('trusts the given authority', async () => {
    await using receiver = await startOtlpReceiver();
    await using front = await openTlsFront(receiver.url, { cert: server.cert, key: server.key });
    const h = startWith({ OTEL_EXPORTER_OTLP_ENDPOINT: `https://localhost:${front.port}`, ...CA, OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' });
    await sendOneOfEach(h);
    expect([receiver.spans().length, receiver.logRecords().length]).toEqual([1, 1]);
  });

  it('trusts nobody else', async () => {
    await using receiver = await startOtlpReceiver();
    await using front = await openTlsFront(receiver.url, { cert: server.cert, key: server.key });
    const h = startWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: `https://localhost:${front.port}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '300',
      OTEL_METRICS_EXPORTER: 'none',
    });
    await sendOneOfEach(h);
    expect([front.seen.length, h.status().signals?.traces.counts?.failed]).toEqual([0, 1]);
  });

  it.each([
    ['with its certificate', { ...MUTUAL, OTEL_EXPORTER_OTLP_TIMEOUT: '20000' }, 1],
    ['without', { ...CA, OTEL_EXPORTER_OTLP_TIMEOUT: '500' }, 0],
  ])('proves who it is %s', async (_what, env, arrived) => {
    await using receiver = await startOtlpReceiver();
    await using front = await openTlsFront(receiver.url, {
      cert: server.cert,
      key: server.key,
      ca: authority.cert,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const h = startWith({
      OTEL_EXPORTER_OTLP_ENDPOINT: `https://localhost:${front.port}`,
      OTEL_METRICS_EXPORTER: 'none',
      ...env,
    });
    await sendOneOfEach(h);
    expect(receiver.spans()).toHaveLength(arrived);
  });

  it('goes by the configuration file too', async () => {
    await using receiver = await startOtlpReceiver();
    await using front = await openTlsFront(receiver.url, {
      cert: server.cert,
      key: server.key,
      ca: authority.cert,
      requestCert: true,
      rejectUnauthorized: true,
    });
    const path = fileOf(
      'otel.yaml',
      `file_format: "1.0"
tracer_provider:
  processors:
    - batch:
        exporter:
          otlp_http:
            endpoint: https://localhost:${front.port}/v1/traces
            headers:
              - name: X-From
                value: file
            tls:
              ca_file: ${MUTUAL.OTEL_EXPORTER_OTLP_CERTIFICATE}
              cert_file: ${MUTUAL.OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE}
              key_file: ${MUTUAL.OTEL_EXPORTER_OTLP_CLIENT_KEY}
`,
    );
    const h = startWith({ OTEL_CONFIG_FILE: path, OTEL_EXPORTER_OTLP_HEADERS: 'x-leak=secret' });
    await sendOneOfEach(h);
    expect(receiver.spans()).toHaveLength(1);
    expect([front.seen[0]?.['x-from'], front.seen[0]?.['x-leak']]).toEqual(['file', undefined]);
  });
});
