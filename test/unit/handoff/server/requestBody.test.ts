import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { readBody } from '../../../../src/handoff/server/requestBody.js';
import type { RequestBody } from '../../../../src/handoff/server/requestBody.js';

const LIMITS = { maxBodyBytes: 100, maxKeys: 10, maxValues: 10, maxDepth: 10 };

/** A body that comes in pieces, and how much of it was held after each. */
function reading(headers: IncomingHttpHeaders = {}): { readonly input: PassThrough; readonly held: number[]; body: Promise<RequestBody> } {
  const input = new PassThrough();
  const held: number[] = [];
  const request = Object.assign(input, { headers }) as unknown as IncomingMessage;
  const body = readBody(request, LIMITS, { hold: (bytes) => held.push(bytes), markRefused: () => undefined });
  return { input, held, body };
}

async function send(input: PassThrough, ...pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    input.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const text = (bytes: number): string => JSON.stringify('x'.repeat(bytes - 2));

it('counts what is held of a body until it is read, which may be as large as is allowed', async () => {
  const { input, held, body } = reading();
  await send(input, text(100).slice(0, 60), text(100).slice(60));
  input.end();
  expect(await body).toEqual({ json: 'x'.repeat(98) });
  expect(held).toEqual([60, 100, 0]);
});

it('holds nothing any more of one that has become too large, however long it goes on', async () => {
  const { input, held, body } = reading();
  await send(input, text(60), text(41), text(1000));
  expect(await body).toMatchObject({ refusal: { reason: 'body_size', status: 413 } });
  expect(held).toEqual([60, 0, 0]);
});

it('counts nothing of one that is announced so small that it can exceed no limit', async () => {
  const small = reading({ 'content-length': '5' });
  small.input.end(text(5));
  expect([await small.body, small.held]).toEqual([{ json: 'xxx' }, []]);
  const unknown = reading();
  unknown.input.end(text(5));
  expect([await unknown.body, unknown.held]).toEqual([{ json: 'xxx' }, [5, 0]]);
});

it.each(['closed', 'broken'])('says that the sender of a body has gone whose connection is %s', async (how) => {
  const { input, body } = reading();
  await send(input, '{');
  if (how === 'broken') input.emit('error', new Error('reset'));
  else input.destroy();
  expect(await body).toBe('gone');
});

it.each(['id', 'method'])('refuses a long %s in any message of a batch, and one of the greatest length not', async (field) => {
  const limits = { ...LIMITS, maxBodyBytes: 100_000 };
  const answerTo = (length: number): Promise<RequestBody> => {
    const input = new PassThrough();
    const request = Object.assign(input, { headers: {} }) as unknown as IncomingMessage;
    input.end(JSON.stringify([{}, { [field]: 'x'.repeat(length) }]));
    return readBody(request, limits, { hold: () => undefined, markRefused: () => undefined });
  };
  expect(await answerTo(8193)).toMatchObject({ refusal: { reason: 'body_field', message: expect.stringContaining(field) } });
  expect(await answerTo(8192)).toHaveProperty('json');
});
