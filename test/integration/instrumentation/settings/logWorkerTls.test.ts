import { afterAll, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import { runProcess } from '../instrumentedProcess.js';
import { openTlsFront } from './fronts.js';
import { tlsFiles } from './tlsFiles.js';

const { authority, server, ca: CA, mutual: MUTUAL, remove } = tlsFiles();
afterAll(remove);
const LOGGING = `
  import { pino } from 'pino';
  import { instrument } from './src/instrumentation/instrument.ts';
  const h = instrument({ stdio: true });
  pino(pino.destination(2)).info('over TLS');
  await h.flush();
  process.stderr.write('STATUS ' + JSON.stringify(h.status().signals.logs) + '\\n');
  await h.shutdown();`;

it.each([
  ['to a receiver of the given authority, proving who it is', MUTUAL, 1],
  ['and is refused without a certificate of its own', CA, 0],
  ['and trusts nobody else', {}, 0],
])("the worker sends pino's records over TLS %s", async (_what, tls, arrived) => {
  await using receiver = await startOtlpReceiver();
  await using front = await openTlsFront(receiver.url, {
    cert: server.cert,
    key: server.key,
    ca: authority.cert,
    requestCert: true,
    rejectUnauthorized: true,
  });
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `https://localhost:${front.port}`,
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
    HANDOFF_FLUSH_TIMEOUT_MS: '20000',
    HANDOFF_LOG_TRANSPORT: 'worker',
    ...tls,
  };
  const { code, stderr } = await runProcess({ code: LOGGING, env });
  expect(code, stderr).toBe(0);
  const status = JSON.parse(/^STATUS (.*)$/m.exec(stderr)?.[1] ?? '{}') as object;
  expect(status).toMatchObject({ transport: 'worker', worker: { made: 1, delivered: arrived } });
  expect(receiver.logRecords().map(({ body }) => body)).toEqual(Array.from({ length: arrived }, () => 'over TLS'));
});
