import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { statusBody } from '../../../src/testing/otlp/responses.js';
import { FakeClock, startOtlpReceiver, type OtlpReceiver, type OtlpReceiverOptions } from '../../../src/testing.js';
import { sendTrace, spanSender } from './senders.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const JSON_TYPE = { 'content-type': 'application/json' };
const PROTOBUF_TYPE = { 'content-type': 'application/x-protobuf' };

let receiver: OtlpReceiver;

const start = async (options?: OtlpReceiverOptions): Promise<void> => {
  receiver = await startOtlpReceiver(options);
};

afterEach(async () => {
  await receiver.close();
});

const post = async (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = JSON_TYPE): Promise<Response> =>
  await fetch(`${receiver.url}${path}`, { method: 'POST', body, headers });

/** Sends, and goes away as soon as the receiver is as far as that. */
async function givesUpOnce(path: string, body: string, isSoFar: () => boolean): Promise<void> {
  const impatience = new AbortController();
  const sent = fetch(`${receiver.url}${path}`, { method: 'POST', body, headers: JSON_TYPE, signal: impatience.signal });
  const givenUp = expect(sent).rejects.toThrow('impatient');
  await expect.poll(isSoFar).toBe(true);
  impatience.abort(new Error('impatient'));
  await givenUp;
}

const tracesOf = (...spans: readonly object[]): string => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

const span = (spanId: string, more: object = {}): object => ({ traceId: TRACE_ID, spanId, name: `span ${spanId}`, ...more });

describe('answers', () => {
  it.each([
    ['application/json', JSON_TYPE, '{}', '{}'],
    ['application/x-protobuf', PROTOBUF_TYPE, '', ''],
  ])('full success is an empty message in the same content type: %s', async (contentType, headers, body, answer) => {
    await start();
    const response = await post('/v1/logs', body, headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(contentType);
    expect(await response.text()).toBe(answer);
  });

  it('takes a content type with parameters and a path with a query', async () => {
    await start();
    const response = await post('/v1/traces?tenant=a', tracesOf(span('00f067aa0ba902b7')), {
      'content-type': 'Application/JSON; charset=utf-8',
    });
    expect(response.status).toBe(200);
    expect(receiver.spans()).toHaveLength(1);
  });

  it('tells the sender which spans it rejected, and keeps the others', async () => {
    await start();
    const response = await post('/v1/traces', tracesOf(span('00f067aa0ba902b7'), span('0000000000000000'), span('abc')));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      partialSuccess: { rejectedSpans: '2', errorMessage: 'trace ids must be 16 non-zero bytes, span ids 8' },
    });
    expect(receiver.spans().map((kept) => kept.spanId)).toEqual(['00f067aa0ba902b7']);
  });

  it('says partial success in protobuf too', async () => {
    await start();
    // ExportMetricsServiceRequest with one summary metric of one empty data point.
    const response = await post(
      '/v1/metrics',
      Uint8Array.from([0x0a, 0x08, 0x12, 0x06, 0x12, 0x04, 0x5a, 0x02, 0x0a, 0x00]),
      PROTOBUF_TYPE,
    );
    const body = Buffer.from(await response.arrayBuffer());
    expect(body.subarray(0, 6)).toEqual(Buffer.from([0x0a, body.length - 2, 0x08, 1, 0x12, body.length - 6]));
    expect(body.subarray(6).toString()).toBe('summary points are not kept');
  });

  it.each([
    ['not JSON', '{', JSON_TYPE, {}],
    ['a JSON array', '[]', JSON_TYPE, {}],
    ['a field of the wrong type', '{"resourceSpans":{}}', JSON_TYPE, {}],
    ['an enum by name', tracesOf(span('00f067aa0ba902b7', { kind: 'SPAN_KIND_SERVER' })), JSON_TYPE, {}],
    ['protobuf that ends early', '\n\x05ab', PROTOBUF_TYPE, {}],
    ['a protobuf field of the wrong type', '\x08\x01', PROTOBUF_TYPE, {}],
    ['not gzip', 'plain', JSON_TYPE, { 'content-encoding': 'gzip' }],
  ])('400 for %s, with a Status body in the same encoding, and nothing kept', async (_what, body, type, headers) => {
    await start();
    const response = await post('/v1/traces', body, { ...type, ...headers });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe(type['content-type']);
    if (type === JSON_TYPE)
      expect(await response.json()).toEqual({
        code: 3,
        message: expect.stringMatching(/^(Not a valid OTLP payload|The body is not gzip)/),
      });
    else expect(Buffer.from(await response.arrayBuffer()).subarray(0, 3)).toEqual(Buffer.from([0x08, 3, 0x12]));
    expect(receiver.spans()).toEqual([]);
    expect(receiver.requests().traces).toMatchObject({ requests: 1, accepted: 0, refused: 1, bodyBytes: 0 });
  });

  it('413 for a body over the limit, on the wire or only once unpacked', async () => {
    await start({ maxBodyBytes: 1_000 });
    expect((await post('/v1/logs', 'x'.repeat(200_000))).status).toBe(413);
    const bomb = gzipSync(JSON.stringify({ padding: '0'.repeat(100_000) }));
    expect(bomb.length).toBeLessThan(1_000);
    const response = await post('/v1/logs', bomb, { ...JSON_TYPE, 'content-encoding': 'gzip' });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ code: 8, message: expect.stringContaining('maxBodyBytes') });
  });

  it.each([
    [415, '/v1/traces', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }],
    [415, '/v1/traces', { method: 'POST', body: 'x', headers: { ...JSON_TYPE, 'content-encoding': 'br' } }],
    [405, '/v1/traces', { method: 'GET' }],
    [404, '/v1/profiles', { method: 'POST', body: '{}', headers: JSON_TYPE }],
  ])('%i for %s %o', async (status, path, init) => {
    await start();
    expect((await fetch(receiver.url + path, init)).status).toBe(status);
  });
});

describe('bounds and reset', () => {
  it('keeps the newest maxRecords and counts the rest as dropped', async () => {
    await start({ maxRecords: 3 });
    await post('/v1/traces', tracesOf(...['1', '2'].map((id) => span(id.padStart(16, '0')))));
    await post('/v1/traces', tracesOf(...['3', '4', '5'].map((id) => span(id.padStart(16, '0')))));
    expect(receiver.spans().map((kept) => kept.spanId.at(-1))).toEqual(['3', '4', '5']);
    expect(receiver.requests().traces).toMatchObject({ records: 5, dropped: 2 });
    receiver.reset();
    expect(receiver.spans()).toEqual([]);
    expect(receiver.requests().traces).toMatchObject({ requests: 0, records: 0, dropped: 0 });
  });

  it('frees its port on close, twice if asked, and a second receiver can take it', async () => {
    await start();
    const { port } = receiver;
    await receiver.close();
    await receiver.close();
    await start({ port });
    expect(receiver.port).toBe(port);
    await expect(startOtlpReceiver({ port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('faults', () => {
  it('refuses with the status it was told, and exporters that retry get through once it is well again', async () => {
    await start({ respond: { refuseStatus: 503 } });
    const sent = sendTrace(receiver.url, { encoding: 'json', gzip: false });
    await expect.poll(() => receiver.requests().traces.refused).toBeGreaterThan(0);
    expect(receiver.spans()).toEqual([]);
    receiver.respond('ok');
    await sent;
    expect(receiver.spans()).toHaveLength(2);
  });

  it('resets the connection', async () => {
    await start({ respond: 'reset' });
    await expect(post('/v1/traces', '{}')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(receiver.requests().traces).toMatchObject({ requests: 1, accepted: 0, refused: 0 });
  });

  it('hangs until the sender gives up, and close() does not wait for hung requests', async () => {
    await start({ respond: 'hang' });
    await givesUpOnce('/v1/logs', '{}', () => receiver.requests().logs.requests === 1);
    const hung = post('/v1/logs', '{}');
    await expect.poll(() => receiver.requests().logs.requests).toBe(2);
    await Promise.all([receiver.close(), expect(hung).rejects.toThrow('fetch failed')]);
  });

  it('is slow, and keeps nothing of a sender that went away meanwhile', async () => {
    const clock = new FakeClock();
    await start({ respond: { slowMs: 150 }, clock });
    await givesUpOnce('/v1/traces', tracesOf(span('00f067aa0ba902b7')), () => clock.sleeping === 1);
    await expect.poll(() => clock.sleeping).toBe(0);
    const patient = post('/v1/traces', tracesOf(span('00f067aa0ba902b8')));
    await expect.poll(() => clock.sleeping).toBe(1);
    await clock.advance(149);
    expect(receiver.spans()).toEqual([]);
    await clock.advance(1);
    await patient;
    expect(receiver.spans().map((kept) => kept.spanId)).toEqual(['00f067aa0ba902b8']);
  });
});

it('a slow answer is given up with its sender, timer and all', async () => {
  const clock = new FakeClock();
  await start({ respond: { slowMs: 60_000 }, clock });
  await givesUpOnce('/v1/logs', '{}', () => clock.sleeping === 1);
  await expect.poll(() => [receiver.requests().logs.requests, clock.sleeping]).toEqual([1, 0]);
});

it('a long refusal has its length in several bytes', () => {
  expect(statusBody('protobuf', 503, 'x'.repeat(300)).subarray(0, 6)).toEqual(Buffer.from([0x08, 14, 0x12, 0xac, 0x02, 0x78]));
});

it('a burst from a real batch processor arrives whole', async () => {
  await start();
  const provider = spanSender(receiver.url, { encoding: 'protobuf', gzip: true });
  const tracer = provider.getTracer('burst');
  for (let i = 0; i < 1_500; i += 1) tracer.startSpan('s', { attributes: { i } }).end();
  await provider.forceFlush();
  await provider.shutdown();
  expect(new Set(receiver.spans().map(({ attributes }) => attributes['i'])).size).toBe(1_500);
});
