import { describe, expect, it } from 'vitest';
import { frame, unframe } from '../../../../../src/providers/otlp/grpc/frame.js';
import { hasRetryInfo, httpStatusOf } from '../../../../../src/providers/otlp/grpc/status.js';

describe('gRPC’s envelope', () => {
  it('holds a message, with its length and whether it is packed', () => {
    expect([...frame(Buffer.from('abc'), false)]).toEqual([0, 0, 0, 0, 3, 97, 98, 99]);
    expect(frame(Buffer.alloc(70_000), true).subarray(0, 5)).toEqual(Buffer.from([1, 0, 1, 0x11, 0x70]));
    expect(Buffer.from(unframe(frame(Buffer.from('abc'), false))).toString()).toBe('abc');
  });

  it.each([['nothing', []], ['too little', [0, 0, 0]], ['something packed', [1, 0, 0, 0, 1, 5]]])('of %s is taken for an empty message', (_what, bytes) => {
    expect(unframe(Buffer.from(bytes))).toHaveLength(0);
  });

  it('that is cut short gives what there is', () => {
    expect([...unframe(Buffer.from([0, 0, 0, 0, 9, 1, 2]))]).toEqual([1, 2]);
  });
});

describe('gRPC’s status', () => {
  it.each([1, 4, 10, 11, 14, 15])('%d may be tried again', (code) => {
    expect(httpStatusOf(code, false)).toBe(503);
  });

  it.each([2, 3, 5, 6, 7, 9, 12, 13, 16, 99, NaN])('%d may not', (code) => {
    expect([429, 502, 503, 504]).not.toContain(httpStatusOf(code, true));
    expect(httpStatusOf(code, true)).toBeGreaterThanOrEqual(400);
  });

  it('8, full, may only if the receiver says when', () => {
    const details = Buffer.from('\u0000type.googleapis.com/google.rpc.RetryInfo\u0000').toString('base64');
    expect([httpStatusOf(8, hasRetryInfo(details)), httpStatusOf(8, hasRetryInfo('AAAA')), httpStatusOf(8, hasRetryInfo(undefined))]).toEqual([429, 507, 507]);
  });

  it('0 is good', () => {
    expect(httpStatusOf(0, false)).toBe(200);
  });
});
