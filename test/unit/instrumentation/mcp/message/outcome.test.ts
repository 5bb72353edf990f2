import { describe, expect, it } from 'vitest';
import { boundedCode, outcomeOfResponse, statusDescription } from '../../../../../src/instrumentation/mcp/message/outcome.js';

const CALLER_FAULTS = [-32_700, -32_600, -32_601, -32_602, -32_002];
const OTHER_CODES = [-32_603, -32_020, -32_021, -32_022, -32_042, -32_000];

describe('the outcome of a response', () => {
  it.each(CALLER_FAULTS)("with code %i is the caller's fault where it was received, and an error where it was sent", (code) => {
    const response = { error: { code, message: 'm' } };
    expect(outcomeOfResponse('tools/call', response, 'received')).toEqual({ statusCode: code, message: 'm' });
    expect(outcomeOfResponse('tools/call', response, 'sent')).toEqual({ errorType: String(code), statusCode: code, message: 'm' });
  });

  it.each(OTHER_CODES)('with code %i is an error of that code on both sides', (code) => {
    for (const direction of ['received', 'sent'] as const)
      expect(outcomeOfResponse('ping', { error: { code } }, direction)).toEqual({ errorType: String(code), statusCode: code });
  });

  it.each(['received', 'sent'] as const)('with isError is a tool_error, on tools/call only, %s', (direction) => {
    expect(outcomeOfResponse('tools/call', { result: { isError: true } }, direction)).toEqual({ errorType: 'tool_error' });
    expect(outcomeOfResponse('prompts/get', { result: { isError: true } }, direction)).toEqual({});
    expect(outcomeOfResponse('tools/call', { result: { isError: 'true' } }, direction)).toEqual({});
    expect(outcomeOfResponse('tools/call', { result: null }, direction)).toEqual({});
  });

  it('with an error that has no number as code is _OTHER', () => {
    expect(outcomeOfResponse('ping', { error: { code: 'E' } }, 'received')).toEqual({ errorType: '_OTHER' });
    expect(outcomeOfResponse('ping', { error: {} }, 'sent')).toEqual({ errorType: '_OTHER' });
    for (const error of ['text', 7, null]) expect(outcomeOfResponse('ping', { error }, 'sent')).toEqual({ errorType: '_OTHER' });
  });

  it('describes an error by its code alone', () => {
    expect(statusDescription({ errorType: '-32603', statusCode: -32_603, message: 'secret' })).toBe('Internal error');
    expect(statusDescription({ errorType: '-32000', statusCode: -32_000 })).toBeUndefined();
    expect(statusDescription({ errorType: 'tool_error' })).toBeUndefined();
  });
});

describe('codes on metrics', () => {
  it.each([
    [-32_603, '-32603'],
    [-32_768, '-32768'],
    [-32_769, '_OTHER'],
    [-31_999, '_OTHER'],
    [404, '404'],
    [99, '_OTHER'],
    [600, '_OTHER'],
    [123_456_789, '_OTHER'],
    [500.5, '_OTHER'],
    [Number.NaN, '_OTHER'],
  ])('%d is %s', (code, expected) => {
    expect(boundedCode(code)).toBe(expected);
  });
});
