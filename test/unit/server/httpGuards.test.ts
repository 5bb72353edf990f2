import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { bearerGuard, bodySizeGuard } from '../../../src/server/httpGuards.js';
import type { HttpGuard } from '../../../src/server/httpGuards.js';

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
  return { passed: guard({ headers } as IncomingMessage, response as unknown as ServerResponse), ...answer };
}

describe('the bearer guard', () => {
  const guard = bearerGuard('0123456789abcdef');

  it.each(['Bearer 0123456789abcdef', 'bearer 0123456789abcdef', 'BEARER  0123456789abcdef'])('lets %j pass without a word', (authorization) => {
    expect(judge(guard, { authorization })).toEqual({ passed: true });
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', '0123456789abcdef', 'Basic 0123456789abcdef', 'Bearer 0123456789abcdeF', 'Bearer 0123456789abcde', 'Bearer 0123456789abcdef0', 'Bearer\t0123456789abcdef', 'Bearer 0123456789abcdef and more'])(
    'refuses %j with 401',
    (authorization) => {
      expect(judge(guard, authorization === undefined ? {} : { authorization })).toEqual({
        passed: false,
        status: 401,
        headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer' },
        body: { jsonrpc: '2.0', error: { code: -32000, message: 'A valid bearer token is needed.' }, id: null },
      });
    },
  );
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
      body: { jsonrpc: '2.0', error: { code: -32000, message: 'Request body is larger than 1000 bytes. Send less, or raise HANDOFF_HTTP_MAX_BODY_BYTES.' }, id: null },
    });
  });
});
