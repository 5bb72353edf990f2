import { describe, expect, it } from 'vitest';
import { frame, unframe } from '../../../../../../src/instrumentation/pipeline/otlp/grpc/frame.js';
import { retryInfoMs } from '../../../../../../src/instrumentation/pipeline/otlp/grpc/retryInfo.js';
import { httpStatusOf, statusName } from '../../../../../../src/instrumentation/pipeline/otlp/grpc/status.js';
import { ProtobufWriter } from '../../../../../../src/instrumentation/pipeline/otlp/encode/protobufWriter.js';

describe('gRPC’s envelope', () => {
  it('holds a message, with its length and whether it is packed', () => {
    expect([...frame(Buffer.from('abc'), false)]).toEqual([0, 0, 0, 0, 3, 97, 98, 99]);
    expect(frame(Buffer.alloc(70_000), true).subarray(0, 5)).toEqual(Buffer.from([1, 0, 1, 0x11, 0x70]));
    expect(Buffer.from(unframe(frame(Buffer.from('abc'), false))).toString()).toBe('abc');
  });

  it.each([
    ['nothing', []],
    ['too little', [0, 0, 0]],
    ['something packed', [1, 0, 0, 0, 1, 5]],
  ])('of %s is taken for an empty message', (_what, bytes) => {
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
    expect([httpStatusOf(8, true), httpStatusOf(8, false)]).toEqual([429, 507]);
  });

  it.each([
    [0, 'OK'],
    [8, 'RESOURCE_EXHAUSTED'],
    [16, 'UNAUTHENTICATED'],
    [99, 'UNKNOWN'],
    [NaN, 'UNKNOWN'],
  ])('%d is called %s', (code, name) => {
    expect(statusName(code)).toBe(name);
  });

  it('0 is good', () => {
    expect(httpStatusOf(0, false)).toBe(200);
  });
});

/** A `google.rpc.Status` with one detail, base64 as gRPC sends it. */
function details(type: string, seconds: number, nanoseconds: number): string {
  const writer = new ProtobufWriter();
  writer.uint(1, 14);
  writer.text(2, 'busy');
  const any = writer.begin(3);
  writer.text(1, `type.googleapis.com/${type}`);
  const info = writer.begin(2);
  const delay = writer.begin(1);
  writer.int64(1, seconds);
  writer.int64(2, nanoseconds);
  writer.end(delay);
  writer.end(info);
  writer.end(any);
  return Buffer.from(writer.finish()).toString('base64').replace(/=+$/, '');
}

describe('gRPC’s RetryInfo', () => {
  it.each([
    [3, 500_000_000, 3500],
    [0, 0, 0],
    [7200, 0, 7_200_000],
    [-5, 0, 0],
  ])('of %d s and %d ns is read as %d ms', (seconds, nanoseconds, ms) => {
    expect(retryInfoMs(details('google.rpc.RetryInfo', seconds, nanoseconds))).toBe(ms);
  });

  it.each([
    ['nothing', undefined],
    ['other details', details('google.rpc.ErrorInfo', 3, 0)],
    ['no protobuf', Buffer.from('type.googleapis.com/google.rpc.RetryInfo').toString('base64')],
    ['half a message', details('google.rpc.RetryInfo', 3, 0).slice(0, 40)],
    ['several headers', ['a', 'b']],
  ])('is not found in %s', (_what, given) => {
    expect(retryInfoMs(given)).toBeUndefined();
  });
});
