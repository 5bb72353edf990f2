import { describe, expect, it } from 'vitest';
import { exceptionType, stackFrames } from '../../../src/errors/exceptionFields.js';

describe('the type of an exception', () => {
  it.each([
    [new TypeError('x'), 'TypeError'],
    ['text', 'Error'],
    [undefined, 'Error'],
    [{ a: 1 }, 'Error'],
    [Object.create(null), 'Error'],
    [{ constructor: { name: 'secret text' } }, 'Error'],
  ])('is its class or Error', (thrown, expected) => {
    expect(exceptionType(thrown)).toBe(expected);
  });

  it('does not throw on hostile values', () => {
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    );
    expect(exceptionType(hostile)).toBe('Error');
    expect(stackFrames(hostile)).toBeUndefined();
  });
});

describe('the frames of a stack', () => {
  it('come without the message, even one that looks like frames', () => {
    const frames = stackFrames(new Error('secret\n    at secret (secret.js:1:1)'));
    expect(frames).toMatch(/^ {4}at /);
    expect(frames).not.toContain('secret');
  });

  it('come without a message that was changed after the stack was taken', () => {
    const error = new Error('secret one\nsecret two');
    error.message = 'changed';
    expect(stackFrames(error)).toMatch(/^ {4}at /);
    expect(stackFrames(error)).not.toContain('secret');
  });

  it('are at most twenty', () => {
    const error = new Error('x');
    error.stack = `Error: x\n${Array.from({ length: 50 }, (_, index) => `    at f${index} (a.js:1:1)`).join('\n')}`;
    expect(stackFrames(error)?.split('\n')).toHaveLength(20);
  });

  it('are absent when there are none', () => {
    const error = new Error('secret');
    error.stack = 'Error: secret';
    expect(stackFrames(error)).toBeUndefined();
    expect(stackFrames('no error')).toBeUndefined();
  });
});
