import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, it } from 'vitest';
import { MissingPeerError } from '../../../src/errors/missingPeerError.js';
import { createLogger } from '../../../src/logging/logger.js';
import { MemoryDestination } from './memoryDestination.js';

let destination: MemoryDestination;
beforeEach(() => {
  destination = new MemoryDestination();
});

describe('createLogger', () => {
  it('writes one JSON line per record, with bindings and the given clock', () => {
    const log = createLogger({ destination, bindings: { component: 'storage' }, clock: { nowMs: () => 1234 } });
    log.info({ n: 1 }, 'first\nline');
    log.debug('below the level');
    expect(destination.texts).toHaveLength(1);
    expect(destination.texts[0]).toMatch(/^\{.*\}\n$/);
    expect(destination.last).toMatchObject({ level: 30, time: 1234, component: 'storage', n: 1, msg: 'first\nline' });
  });

  it('escapes what would control the terminal that shows a line, and changes no value by that', () => {
    const log = createLogger({ destination });
    const key = '\u001b[2J\u007f\u009b31m\u2028\u2029\u202eevil\u2066 ü 😀 \\u009b';
    log.child({ [key]: key }).info({ key }, key);
    expect(destination.last).toMatchObject({ key, msg: key, [key]: key });
    expect(destination.texts[0]).toMatch(/^[^\p{Cc}\u2028\u2029\u202e\u2066]*\n$/u);
    expect(destination.texts[0]).toContain('ü 😀');
  });

  it('redacts known secrets and those the caller names, by exact path', () => {
    const log = createLogger({ destination, redact: ['user.email'] });
    log.info({ password: 'p', tokenCount: 7, user: { email: 'e', name: 'n' }, headers: { authorization: 'a', host: 'h' } }, 'secrets');
    expect(destination.last).toMatchObject({
      password: '[Redacted]',
      tokenCount: 7,
      user: { email: '[Redacted]', name: 'n' },
      headers: { authorization: '[Redacted]', host: 'h' },
    });
  });

  it('refuses a bad redaction path at once', () => {
    expect(() => createLogger({ destination, redact: ['a..b'] })).toThrow();
  });

  it('writes type, code and frames of a foreign error, but neither its message nor its properties', () => {
    const error = Object.assign(new TypeError('invalid value "secret"\n    at secret (secret.js:1:1)'), {
      code: '22P02',
      detail: 'secret detail',
    });
    error.cause = new RangeError('secret cause');
    const log = createLogger({ destination });
    log.error({ err: error }, 'failed');
    log.error(error);
    log.error({ err: error });
    for (const line of destination.lines)
      expect(line['err']).toMatchObject({ type: 'TypeError', code: '22P02', cause: { type: 'RangeError' } });
    expect(destination.lines.map((line) => line['msg'])).toEqual(['failed', 'TypeError', 'TypeError']);
    expect(String((destination.last['err'] as { stack: string }).stack)).toMatch(/^ {4}at .*logger\.test/);
    expect(destination.texts.join('')).not.toContain('secret');
  });

  it.each([
    ['of another realm', (): unknown => runInNewContext('new RangeError("secret", { cause: new Error("secret cause") })')],
    ['whose constructor is gone', () => Object.assign(new RangeError('secret'), { constructor: undefined })],
    [
      'whose cause cannot be read',
      () =>
        Object.defineProperty(new RangeError('secret'), 'cause', {
          get: () => {
            throw new Error('secret');
          },
        }),
    ],
  ])('writes an error %s, and never its message, however it is given', (_which, make) => {
    const log = createLogger({ destination });
    const error = make();
    log.error(error);
    log.error(error, 'failed');
    log.error(error, undefined);
    log.error({ err: error });
    log.error({ err: error, msg: undefined });
    log.error({ err: error }, undefined);
    log.error({ err: error }, 'failed');
    const type = (destination.last['err'] as { type: string }).type;
    expect(['RangeError', 'Error']).toContain(type);
    expect(destination.lines.map(({ err, msg }) => [(err as { type: string }).type, msg])).toEqual(
      [type, 'failed', type, type, type, type, 'failed'].map((text) => [type, text]),
    );
    expect(destination.texts.join('')).not.toContain('secret');
  });

  it('treats an error in the field `error` like one in `err`, and leaves a text of its own to a record', () => {
    const log = createLogger({ destination });
    const error = Object.assign(new TypeError('secret'), { detail: 'secret' });
    log.error({ error }, 'failed');
    expect(destination.last['error']).toMatchObject({ type: 'TypeError', stack: expect.stringContaining('at ') });
    log.error({ err: error, msg: 'failed' });
    expect(destination.last['msg']).toBe('failed');
    expect(destination.texts.join('')).not.toContain('secret');
  });

  it('writes three causes of an error, and no more of one that is its own cause', () => {
    const error = new RangeError('secret');
    error.cause = error;
    createLogger({ destination }).error({ err: error }, 'failed');
    const own = { type: 'RangeError', stack: expect.stringContaining('at ') };
    expect(destination.last['err']).toEqual({ ...own, cause: { ...own, cause: { ...own, cause: own } } });
  });

  it('keeps messages of our own errors, and of all errors when asked', () => {
    const own = new MissingPeerError('pino', 'npm install pino', 'Logging');
    createLogger({ destination }).error({ err: own }, 'own');
    expect(destination.last['err']).toMatchObject({ type: 'MissingPeerError', code: 'HANDOFF_MISSING_PEER', message: own.message });
    createLogger({ destination, errorMessages: true }).error(new Error('wanted'));
    expect(destination.last).toMatchObject({ msg: 'wanted', err: { message: 'wanted' } });
  });

  it('says what to install when pino is missing', () => {
    const missing = (): never => {
      throw new MissingPeerError('pino', 'npm install pino@10', 'Logging');
    };
    expect(() => createLogger({ destination }, missing)).toThrow('npm install pino@10');
  });
});
