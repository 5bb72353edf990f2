import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { bearerGuard, bodySizeGuard, hostGuard, methodGuard, originGuard } from '../../../../src/handoff/server/httpGuards.js';
import type { HttpGuard } from '../../../../src/handoff/server/httpGuards.js';
import { answerRefusal } from '../../../../src/handoff/server/refusal.js';

interface Verdict {
  readonly passed: boolean;
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

function judge(guard: HttpGuard, headers: IncomingHttpHeaders): Verdict {
  let answer: Omit<Verdict, 'passed'> = {};
  const response = {
    writeHead: (status: number, given: Record<string, string>) => {
      answer = { status, headers: given };
    },
    end: (text: string) => {
      answer = { ...answer, body: JSON.parse(text) as unknown };
    },
  };
  const refusal = guard({ headers } as IncomingMessage);
  if (refusal !== undefined) answerRefusal(response as unknown as ServerResponse, refusal);
  return { passed: refusal === undefined, ...answer };
}

describe('the bearer guard', () => {
  const guard = bearerGuard('0123456789abcdef');

  it.each(['Bearer 0123456789abcdef', 'bearer 0123456789abcdef', 'BEARER  0123456789abcdef'])(
    'lets %j pass without a word',
    (authorization) => {
      expect(judge(guard, { authorization })).toEqual({ passed: true });
    },
  );

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    '0123456789abcdef',
    'Basic 0123456789abcdef',
    'Bearer 0123456789abcdeF',
    'Bearer 0123456789abcde',
    'Bearer 0123456789abcdef0',
    'Bearer\t0123456789abcdef',
    'Bearer 0123456789abcdef and more',
  ])('refuses %j with 401', (authorization) => {
    expect(judge(guard, authorization === undefined ? {} : { authorization })).toEqual({
      passed: false,
      status: 401,
      headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer' },
      body: { jsonrpc: '2.0', error: { code: -32000, message: 'A valid bearer token is required.' }, id: null },
    });
  });
});

describe('the body guard', () => {
  const guard = bodySizeGuard(1000);

  it.each([undefined, '0', '1000'])('lets a length of %j pass', (length) => {
    expect(judge(guard, length === undefined ? {} : { 'content-length': length })).toEqual({ passed: true });
  });

  it.each(['1001', '99999999999999999999'])('refuses a length of %j with 413, saying what to change', (length) => {
    expect(judge(guard, { 'content-length': length })).toEqual({
      passed: false,
      status: 413,
      headers: { 'content-type': 'application/json' },
      body: {
        jsonrpc: '2.0',
        error: { code: -32000, message: 'Request body is larger than 1000 bytes. Send less, or raise HANDOFF_HTTP_MAX_BODY_BYTES.' },
        id: null,
      },
    });
  });
});

describe('the host guard', () => {
  const guard = hostGuard(['localhost', '127.0.0.1', '[::1]', 'mcp.example']);

  it.each(['localhost', 'LOCALHOST:3000', '127.0.0.1:80', '[::1]', '[::1]:3000', '[0:0::1]', 'mcp.example:', 'mcp.example:443'])(
    'lets %j pass',
    (host) => {
      expect(guard({ headers: { host } } as IncomingMessage)).toBeUndefined();
    },
  );

  it.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    'user@localhost',
    'user:pw@localhost',
    'localhost/x',
    'localhost?x',
    'localhost#x',
    'localhost:99999',
    'localhost:x',
    '][',
    'evil.example@localhost',
    ' localhost',
    'mcp.example.',
  ])('refuses %j with 403', (host) => {
    expect(guard({ headers: host === undefined ? {} : { host } } as IncomingMessage)).toMatchObject({ reason: 'host', status: 403 });
  });
});

describe('the origin guard', () => {
  const guard = originGuard(['localhost', 'app.example']);

  it.each([undefined, 'http://localhost', 'http://localhost:8080', 'https://app.example'])('lets %j pass', (origin) => {
    expect(guard({ headers: origin === undefined ? {} : { origin } } as IncomingMessage)).toBeUndefined();
  });

  it.each(['', 'null', '::', 'https://evil.example', 'https://app.example.evil.example', 'file://'])('refuses %j with 403', (origin) => {
    expect(guard({ headers: { origin } } as IncomingMessage)).toMatchObject({ reason: 'origin', status: 403 });
  });
});

it.each(['TRACE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND'])(
  'the method guard refuses %s with 405 and says which there are',
  (method) => {
    expect(methodGuard({ method } as IncomingMessage)).toMatchObject({
      reason: 'method',
      status: 405,
      headers: { allow: 'GET, POST, DELETE, OPTIONS' },
    });
  },
);
