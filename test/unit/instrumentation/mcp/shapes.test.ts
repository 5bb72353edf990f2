import { describe, expect, it } from 'vitest';
import {
  headerOf,
  isClient,
  isNotification,
  isRequest,
  isResponse,
  isTransport,
  metaOf,
  protocolOf,
} from '../../../../src/instrumentation/mcp/shapes.js';

const noop = (): undefined => undefined;
const protocol = { connect: noop, setRequestHandler: noop };

describe('shapes', () => {
  it.each([
    [{ id: 1, method: 'ping' }, 'request'],
    [{ id: '', method: 'ping' }, 'request'],
    [{ method: 'ping' }, 'notification'],
    [{ id: 1, result: {} }, 'response'],
    [{ id: 'a', error: {} }, 'response'],
    [{ id: null, method: 'ping' }, 'nothing'],
    [{ id: {}, method: 'ping' }, 'nothing'],
    [{ id: null, error: {} }, 'nothing'],
    [{ id: 1, method: 7 }, 'nothing'],
    [{ id: 1 }, 'nothing'],
    [{}, 'nothing'],
    [[], 'nothing'],
    [null, 'nothing'],
    ['x', 'nothing'],
    [undefined, 'nothing'],
  ])('take %j for a %s', (message, expected) => {
    const found = isRequest(message) ? 'request' : isNotification(message) ? 'notification' : isResponse(message) ? 'response' : 'nothing';
    expect(found).toBe(expected);
  });

  it('find the protocol behind whatever connects', () => {
    expect(protocolOf(protocol)).toBe(protocol);
    expect(protocolOf({ connect: noop, server: protocol })).toBe(protocol);
    for (const other of [undefined, null, 7, 'x', {}, { server: {} }, { connect: noop }]) expect(protocolOf(other)).toBeUndefined();
    expect([isClient({ ...protocol, callTool: noop }), isClient(protocol), isClient(undefined)]).toEqual([true, false, false]);
    expect([isTransport({ start: noop, send: noop }), isTransport({ start: noop }), isTransport(null)]).toEqual([true, false, false]);
  });

  it('read headers of both generations, and only text', () => {
    expect(headerOf({ request: { headers: new Headers({ 'X-One': '1' }) } }, 'x-one')).toBe('1');
    expect(headerOf({ requestInfo: { headers: { 'x-one': '1', 'x-two': ['2'] } } }, 'x-one')).toBe('1');
    expect(headerOf({ requestInfo: { headers: { 'x-two': ['2'] } } }, 'x-two')).toBeUndefined();
    for (const extra of [undefined, {}, { request: {} }, { requestInfo: { headers: 'x' } }])
      expect(headerOf(extra, 'x-one')).toBeUndefined();
  });

  it('read _meta only where it is an object', () => {
    expect(metaOf({ _meta: { a: 1 } })).toEqual({ a: 1 });
    for (const params of [undefined, null, 7, {}, { _meta: null }, { _meta: 'x' }]) expect(metaOf(params)).toBeUndefined();
  });
});
