import { describe, expect, it } from 'vitest';
import { boundedCode, outcomeOfResponse, statusDescription } from '../../../src/mcp/outcome.js';

describe('the outcome of a response', () => {
  it.each([-32700, -32600, -32601, -32602, -32002])('with code %i is the caller\'s fault: a code, no error', (code) => {
    expect(outcomeOfResponse('tools/call', { error: { code, message: 'secret' } })).toEqual({ statusCode: code });
  });

  it.each([-32603, -32020, -32021, -32022, -32042, -32000])('with code %i is an error of that code', (code) => {
    expect(outcomeOfResponse('tools/call', { error: { code, message: 'secret' } })).toEqual({ errorType: String(code), statusCode: code });
  });

  it('with isError is a tool_error, on tools/call only', () => {
    expect(outcomeOfResponse('tools/call', { result: { isError: true } })).toEqual({ errorType: 'tool_error' });
    expect(outcomeOfResponse('prompts/get', { result: { isError: true } })).toEqual({});
    expect(outcomeOfResponse('tools/call', { result: { isError: 'true' } })).toEqual({});
  });

  it('with an error that has no number as code is _OTHER', () => {
    expect(outcomeOfResponse('ping', { error: { code: 'E' } })).toEqual({ errorType: '_OTHER' });
  });

  it('describes an error by its code alone', () => {
    expect(statusDescription({ errorType: '-32603', statusCode: -32603 })).toBe('Internal error');
    expect(statusDescription({ errorType: '-32000', statusCode: -32000 })).toBeUndefined();
    expect(statusDescription({ errorType: 'tool_error' })).toBeUndefined();
  });
});

describe('codes on metrics', () => {
  it.each([
    [-32603, '-32603'],
    [-32768, '-32768'],
    [-32769, '_OTHER'],
    [-31999, '_OTHER'],
    [404, '404'],
    [1, '_OTHER'],
    [123_456_789, '_OTHER'],
    [500.5, '_OTHER'],
  ])('%d is %s', (code, expected) => {
    expect(boundedCode(code)).toBe(expected);
  });
});
