import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OtlpTransport } from '../../../../../src/instrumentation/pipeline/otlp/transport.js';
import type { OtlpTransportOptions } from '../../../../../src/instrumentation/pipeline/otlp/transport.js';
import type { PostResult } from '../../../../../src/instrumentation/pipeline/otlp/httpPost.js';
import { systemClock } from '../../../../../src/time/clock.js';
import type { Clock } from '../../../../../src/time/clock.js';

/** Idle connections stay for longer than any test takes, so that only a sender closes them. */
const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  requests += 1;
  const answer = (): unknown => {
    if (page !== undefined) return response.writeHead(200, page.type === undefined ? {} : { 'Content-Type': page.type }).end(page.body);
    return response.writeHead(refusal?.status ?? 200, refusal?.retryAfter === undefined ? {} : { 'Retry-After': refusal.retryAfter }).end();
  };
  request.resume().on('end', () => setTimeout(answer, delayMs));
});
let requests = 0;
let delayMs = 0;
let refusal: { readonly status: number; readonly retryAfter?: string } | undefined;
let page: { readonly body: string; readonly type: string | undefined } | undefined;
let url: string;

beforeEach(async () => {
  requests = 0;
  delayMs = 0;
  refusal = undefined;
  page = undefined;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function transport(options: Partial<OtlpTransportOptions> = {}): OtlpTransport {
  return new OtlpTransport({
    target: { url, compression: 'none', timeoutMs: 5000 },
    headers: {},
    clock: systemClock,
    random: () => 0,
    connectTimeoutMs: 1000,
    ...options,
  });
}

/** Time passes only in pauses, which are noted. */
function pauses(): { readonly clock: Clock; readonly waitedMs: number[] } {
  const waitedMs: number[] = [];
  const passed = (): number => waitedMs.reduce((sum, ms) => sum + ms, 0);
  const sleep = async (durationMs: number): Promise<void> => {
    // A pause of nothing would be an endless loop here.
    if (waitedMs.length > 100) throw new Error('asked again and again');
    waitedMs.push(durationMs);
  };
  return { clock: { nowMs: () => Date.UTC(2026, 0, 1) + passed(), monotonicMs: passed, sleep }, waitedMs };
}

const OWN_BACKOFFS_MS = [800, 1200, 1800];

const connections = (): Promise<number> =>
  new Promise((resolve, reject) => server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))));

describe('an OTLP transport', () => {
  it('lets go of all connections when closed, also those of exports that started together', async () => {
    const ours = transport();
    const results = await Promise.all(Array.from({ length: 4 }, () => ours.send(new Uint8Array([1]))));
    expect(results.map(({ accepted }) => accepted)).toEqual([true, true, true, true]);
    expect(await connections()).toBeGreaterThan(0);
    ours.close();
    await expect.poll(connections).toBe(0);
  });

  it.each([
    ['a page of HTML', '\n<!doctype html><title>Sign in</title>', 'text/html; charset=utf-8', false],
    ['a page with a byte order mark, as Windows writes it', '\ufeff<!doctype html><title>Sign in</title>', 'text/html', false],
    ['a word that a web framework calls HTML', 'ok', 'text/html; charset=utf-8', true],
    ['a JSON object', '{"partialSuccess":{}}', 'application/json', true],
    ['nothing', '', undefined, true],
  ])('goes by what answered with 200: %s', async (_what, body, type, isTaken) => {
    page = { body, type };
    const ours = transport();
    const result = await ours.send(new Uint8Array([1]));
    expect(result).toMatchObject(isTaken ? { accepted: true } : { accepted: false, errorType: 'not_otlp' });
    expect(requests).toBe(1);
    ours.close();
  });

  it('waits for the answer of one that has taken the connection, for longer than a connection may take', async () => {
    delayMs = 400;
    const ours = transport({ connectTimeoutMs: 100 });
    expect(await ours.send(new Uint8Array([1]))).toMatchObject({ accepted: true });
    expect(requests).toBe(1);
    ours.close();
  });

  it('reads no more of an answer than one of OTLP may have', async () => {
    page = { body: 'x'.repeat(100_000), type: 'application/json' };
    const { clock } = pauses();
    const ours = transport({ clock });
    expect(await ours.send(new Uint8Array([1]))).toMatchObject({ accepted: false, errorType: 'not_otlp' });
    ours.close();
  });

  it('sends nothing after it was closed', async () => {
    const ours = transport();
    ours.close();
    expect(await ours.send(new Uint8Array([1]))).toEqual({
      accepted: false,
      reason: 'stopped before it could be sent',
      errorType: 'stopped',
    });
    expect(requests).toBe(0);
  });
});

describe('a receiver that changes to another protocol', () => {
  it('has not taken the export, which ends in time', async () => {
    server.prependOnceListener('request', (request) => {
      request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n');
    });
    const ours = transport({ target: { url, compression: 'none', timeoutMs: 300 } });
    const result = await Promise.race([ours.send(new Uint8Array([1])), new Promise((resolve) => setTimeout(resolve, 5000, 'never'))]);
    expect(result).toEqual({ accepted: false, reason: 'no answer in time', errorType: 'timeout' });
  });
});

describe('a receiver that refuses for now', () => {
  it.each([
    ['0', 503],
    ['', 503],
    ['-1', 503],
    ['0.001', 429],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 503],
    ['soon', 429],
    ['1', 502],
    ['0, 0', 504],
    ['1e-9', 429],
  ])('and says Retry-After: %j is asked again at our own pace', async (retryAfter, status) => {
    refusal = { status, retryAfter };
    const { clock, waitedMs } = pauses();
    expect(await transport({ clock }).send(new Uint8Array([1]))).toEqual({
      accepted: false,
      reason: `HTTP ${status}`,
      errorType: String(status),
    });
    expect(waitedMs.every((ms, index) => ms >= (OWN_BACKOFFS_MS[index] ?? 0))).toBe(true);
    expect(requests).toBeLessThanOrEqual(4);
    expect(requests).toBeGreaterThanOrEqual(3);
  });

  // The date is past after the first pause.
  it.each([
    ['3', [3000]],
    ['Thu, 01 Jan 2026 00:00:03 GMT', [3000, 1200]],
  ])('and wants a longer pause (%s) gets it', async (retryAfter, expected) => {
    refusal = { status: 503, retryAfter };
    const { clock, waitedMs } = pauses();
    await transport({ clock }).send(new Uint8Array([1]));
    expect(waitedMs).toEqual(expected);
  });

  it.each([['6'], ['3600'], ['99999999999'], ['Fri, 01 Jan 2038 00:00:00 GMT']])(
    'until after the export’s time (%s) is not asked again, and the reason says so',
    async (retryAfter) => {
      refusal = { status: 429, retryAfter };
      const { clock, waitedMs } = pauses();
      const result = await transport({ clock }).send(new Uint8Array([1]));
      expect(result).toMatchObject({
        accepted: false,
        errorType: '429',
        reason: expect.stringMatching(/^HTTP 429, to be retried only after \d+ s/),
      });
      expect([waitedMs, requests]).toEqual([[], 1]);
    },
  );

  it('for long is asked again no less often than every five seconds', async () => {
    refusal = { status: 503 };
    const { clock, waitedMs } = pauses();
    await transport({ clock, target: { url, compression: 'none', timeoutMs: 30_000 } }).send(new Uint8Array([1]));
    expect(Math.max(...waitedMs)).toBe(4000);
    expect(waitedMs.filter((ms) => ms === 4000).length).toBeGreaterThan(2);
  });

  it('is asked once more while the process waits to end', async () => {
    refusal = { status: 503 };
    const { clock, waitedMs } = pauses();
    const ours = transport({ clock });
    ours.setHurried(true);
    expect(await ours.send(new Uint8Array([1]))).toMatchObject({ accepted: false, errorType: '503' });
    expect([waitedMs, requests]).toEqual([[200], 2]);
  });

  it('by gRPC is told by the name of its status', async () => {
    const post = async (): Promise<PostResult> => ({ status: 507, grpcStatus: 'RESOURCE_EXHAUSTED' });
    expect(await transport({ post }).send(new Uint8Array([1]))).toEqual({
      accepted: false,
      reason: 'gRPC status RESOURCE_EXHAUSTED',
      errorType: '507',
    });
  });

  it('by gRPC, with a RetryInfo, is asked again no sooner than at our own pace, and later if it says so', async () => {
    for (const [retryInfoMs, expected] of [
      [0, OWN_BACKOFFS_MS],
      [2000, [2000, 2000]],
      [60_000, []],
    ] as const) {
      const { clock, waitedMs } = pauses();
      await transport({ clock, post: async () => ({ status: 503, retryInfoMs }) }).send(new Uint8Array([1]));
      expect(waitedMs).toEqual(expected);
    }
  });
});
