import { afterEach, describe, expect, it } from 'vitest';
import { startOtlpReceiver, type OtlpReceiver, type OtlpReceiverOptions } from '../../../src/testing.js';

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

const tracesOf = (...spans: readonly object[]): string => JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

const span = (spanId: string, more: object = {}): object => ({ traceId: TRACE_ID, spanId, name: `span ${spanId}`, ...more });

describe('decoding', () => {
  it('keeps all digits of nanosecond times sent as JSON numbers', async () => {
    await start();
    const body = tracesOf(span('00f067aa0ba902b7', { startTimeUnixNano: 0, endTimeUnixNano: '@end' })).replace(
      '"@end"',
      '1767225600123456789',
    );
    expect((await post('/v1/traces', body)).status).toBe(200);
    expect(receiver.spans()[0]?.endTimeUnixNano).toBe(1_767_225_600_123_456_789n);
  });

  it('reads nulls and absent fields as defaults, and an attribute named __proto__ as data', async () => {
    await start();
    const attributes =
      '[{"key":"__proto__","value":{"stringValue":"x"}},{"key":"empty","value":{}},{"key":"big","value":{"intValue":"9007199254740993"}}]';
    await post(
      '/v1/traces',
      tracesOf(span('00F067AA0BA902B7', { kind: null, parentSpanId: '', attributes: '@' })).replace('"@"', attributes),
    );
    const [kept] = receiver.spans();
    expect(kept).toMatchObject({ spanId: '00f067aa0ba902b7', kind: 'UNSPECIFIED', status: { code: 'UNSET' }, events: [] });
    expect(kept).not.toHaveProperty('parentSpanId');
    expect(Object.entries(kept?.attributes ?? {})).toEqual([
      ['__proto__', 'x'],
      ['empty', null],
      ['big', 9_007_199_254_740_993n],
    ]);
  });

  it('refuses attribute values nested beyond reason instead of overflowing the stack', async () => {
    await start();
    const deep = `${'{"arrayValue":{"values":['.repeat(2_000)}{}${']}}'.repeat(2_000)}`;
    const response = await post(
      '/v1/traces',
      tracesOf(span('00f067aa0ba902b7', { attributes: [{ key: 'k', value: '@' }] })).replace('"@"', deep),
    );
    expect(response.status).toBe(400);
  });

  it('skips protobuf fields it does not know', async () => {
    await start();
    const unknownFields = Buffer.concat([
      Buffer.from([0x98, 0x06, 0x96, 0x01]),
      Buffer.from([0xa1, 0x06]),
      Buffer.alloc(8),
      Buffer.from([0xad, 0x06]),
      Buffer.alloc(4),
    ]);
    expect((await post('/v1/traces', unknownFields, PROTOBUF_TYPE)).status).toBe(200);
  });
});
