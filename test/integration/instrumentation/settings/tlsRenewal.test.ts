import { afterEach, describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import type { Authority } from '../../../setup/certificates.js';
import { grpcJs, openGrpcFront, openTlsFront } from './fronts.js';
import type { Front } from './fronts.js';
import { sendOneOfEach, startWith } from './instrumented.js';
import { tlsFiles } from '../../../setup/tlsFiles.js';
import type { TlsFiles } from '../../../setup/tlsFiles.js';

/** Certificates that live for hours are replaced while the process runs: what opens a connection goes by the files as they are then. */

let kept: TlsFiles[] = [];
afterEach(() => {
  for (const files of kept) files.remove();
  kept = [];
});

function newFiles(): TlsFiles {
  const files = tlsFiles();
  kept.push(files);
  return files;
}

type Opening = (receiverUrl: string, authority: Authority, port?: number) => Promise<Front>;

const overHttp: Opening = (receiverUrl, authority, port) =>
  openTlsFront(receiverUrl, { ...authority.issue('server'), ca: authority.cert, requestCert: true, rejectUnauthorized: true }, port);

const overGrpc: Opening = (receiverUrl, authority, port = 0) => {
  const { cert, key } = authority.issue('server');
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
  return openGrpcFront(receiverUrl, {
    credentials: grpcJs().ServerCredentials.createSsl(Buffer.from(authority.cert), [pair], true),
    port,
  });
};

describe.each([
  ['http/protobuf', overHttp],
  ['grpc', overGrpc],
])('certificates, over %s,', (protocol, open) => {
  it('may be replaced while the process runs, also one file after the other', { timeout: 30_000 }, async () => {
    await using receiver = await startOtlpReceiver();
    const before = newFiles();
    const after = newFiles();
    const first = await open(receiver.url, before.authority);
    const h = startWith({
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: `https://localhost:${first.port}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
      OTEL_METRICS_EXPORTER: 'none',
      ...before.mutual,
    });
    await sendOneOfEach(h);
    expect(receiver.spans()).toHaveLength(1);
    await first[Symbol.asyncDispose]();

    const client = after.authority.issue('client');
    before.fileOf('client.pem', client.cert);
    const second = await open(receiver.url, before.authority, first.port);
    await sendOneOfEach(h);
    expect(receiver.spans()).toHaveLength(2);
    await second[Symbol.asyncDispose]();

    before.fileOf('client.key', client.key);
    before.fileOf('ca.pem', after.authority.cert);
    await using _third = await open(receiver.url, after.authority, first.port);
    await sendOneOfEach(h);
    expect(receiver.spans()).toHaveLength(3);
    expect(h.status().signals?.traces.counts).toMatchObject({ delivered: 3, failed: 0 });
  });
});
