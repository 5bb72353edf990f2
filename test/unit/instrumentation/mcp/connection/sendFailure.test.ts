import { describe, expect, it } from 'vitest';
import { messageOfRejection, outcomeOfSendFailure } from '../../../../../src/instrumentation/mcp/connection/sendFailure.js';

const failure = (properties: object, message = 'secret'): Error => Object.assign(new Error(message), properties);
const body = (code: unknown): string => JSON.stringify({ jsonrpc: '2.0', id: 1, error: { code, message: 'secret' } });

describe('the outcome of a failed send', () => {
  it.each([
    ['an HTTP status of SDK v1', failure({ code: 503 }), { errorType: '503', httpStatus: 503 }],
    [
      'an HTTP status of SDK v2',
      failure({ code: 'CLIENT_HTTP', data: { status: 502, text: 'bad gateway' } }),
      { errorType: '502', httpStatus: 502 },
    ],
    ['an HTTP status of other transports', failure({ status: 404 }), { errorType: '404', httpStatus: 404 }],
    [
      'a JSON-RPC body of SDK v2',
      failure({ data: { status: 400, text: body(-32_022) } }),
      { errorType: '-32022', statusCode: -32_022, httpStatus: 400 },
    ],
    [
      'a JSON-RPC body of SDK v1',
      failure({ code: 400 }, `Error POSTing to endpoint: ${body(-32_020)}`),
      { errorType: '-32020', statusCode: -32_020, httpStatus: 400 },
    ],
    [
      "a JSON-RPC body whose code is anybody's",
      failure({ data: { status: 400, text: body(123_456) } }),
      { errorType: '_OTHER', statusCode: 123_456, httpStatus: 400 },
    ],
    ['a body that is no JSON-RPC error', failure({ data: { status: 500, text: '{"error":"x"}' } }), { errorType: '500', httpStatus: 500 }],
    ['a body that is no JSON', failure({ data: { status: 500, text: '{' } }), { errorType: '500', httpStatus: 500 }],
    [
      'a body too long to read',
      failure({ data: { status: 500, text: body(-32_603) + ' '.repeat(70_000) } }),
      { errorType: '500', httpStatus: 500 },
    ],
    ['a status that is none', failure({ code: 99, status: 600, data: { status: 200.5 } }), { errorType: 'Error' }],
    ['an abort', failure({ name: 'AbortError' }), { errorType: 'cancelled' }],
    ['an exception', new TypeError('secret'), { errorType: 'TypeError' }],
    ['an errno', failure({ code: 'ECONNREFUSED' }), { errorType: 'ECONNREFUSED' }],
    ['no object', 'secret', { errorType: '_OTHER' }],
  ])('is told by %s', (_what, error, expected) => {
    expect(outcomeOfSendFailure(error)).toEqual(expected);
  });

  it('is _OTHER for an error that cannot even be looked at', () => {
    const hostile = new Proxy(new Error('x'), {
      get: () => {
        throw new Error('hostile');
      },
    });
    expect(outcomeOfSendFailure(hostile)).toEqual({ errorType: '_OTHER' });
  });
});

describe('the message of a refusal', () => {
  it.each([
    ['a JSON-RPC body of SDK v2', failure({ data: { status: 400, text: body(-32_022) } }), 'secret'],
    ['a JSON-RPC body of SDK v1', failure({ code: 400 }, `Error POSTing to endpoint: ${body(-32_020)}`), 'secret'],
    ['a body whose message is none', failure({ data: { status: 400, text: '{"error":{"code":-32022,"message":7}}' } }), undefined],
    ['a body that is no JSON-RPC error', failure({ data: { status: 500, text: '{"error":"x"}' } }), undefined],
    ['an exception', new TypeError('secret'), undefined],
  ])('is that of %s', (_what, error, expected) => {
    expect(messageOfRejection(error)).toBe(expected);
  });
});
