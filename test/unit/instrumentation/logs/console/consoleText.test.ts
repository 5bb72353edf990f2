import { inspect } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { formatConsoleCall, formatFigureCall } from '../../../../../src/instrumentation/logs/console/consoleText.js';

class PaymentError extends Error {
  readonly card = '4111';
}

describe('the text of a console call', () => {
  it('is what Node would print', () => {
    expect(formatConsoleCall(['%s has %d', 'x', 3, { a: [1, 'b'] }]).body).toBe("x has 3 { a: [ 1, 'b' ] }");
  });

  it.each([
    ['alone', [new PaymentError('secret')], 'PaymentError'],
    ['in a format', ['failed: %s', new PaymentError('secret')], 'failed: PaymentError'],
    ['beside text', ['failed', new PaymentError('secret')], 'failed PaymentError'],
    ['inside an object', [{ cause: new PaymentError('secret') }], "{ cause: { type: 'PaymentError' } }"],
  ])('has the type of an error %s, never its message or properties', (_where, args, body) => {
    const text = formatConsoleCall(args);
    expect(text.body).toBe(body);
    expect(JSON.stringify(text)).not.toMatch(/secret|4111/);
  });

  it('keeps type and frames of the first error', () => {
    const { error } = formatConsoleCall(['x', new PaymentError('secret')]);
    expect(error?.type).toBe('PaymentError');
    expect(error?.stack).toMatch(/^\s+at /);
  });

  it('is bounded', () => {
    expect(formatConsoleCall(['x'.repeat(100_000), { y: 'y'.repeat(100_000) }]).body.length).toBeLessThan(4200);
  });
});

const CANARY = 'canary-41';
const failure = (): Error => new PaymentError(CANARY);
function holding(own: object): object {
  return Object.assign(() => 0, own);
}
function circular(): object {
  const value: Record<string, unknown> = { failure: failure() };
  value['self'] = value;
  return value;
}
class Holder {
  readonly #failure = failure();
  readonly seen = failure();
  get failure(): Error {
    return this.#failure;
  }
  [inspect.custom](): string {
    return this.#failure.message;
  }
}

const HIDING: readonly (readonly [where: string, make: () => unknown])[] = [
  ['on a function', () => holding({ failure: failure() })],
  ['on a class', () => Object.assign(class Some {}, { failure: failure() })],
  ['in the source of a function', () => Object.assign(() => 'canary-41', {})],
  ['on a proxy of a function', () => new Proxy(holding({ failure: failure() }), {})],
  ['on a function in an object', () => ({ on: holding({ failure: failure() }) })],
  ['as key of a map', () => new Map([[failure(), 1]])],
  ['as value of a map', () => new Map([[1, failure()]])],
  ['on a map', () => Object.assign(new Map(), { failure: failure() })],
  ['in a set', () => new Set([failure()])],
  ['in an array', () => [[failure()]]],
  ['under a symbol', () => ({ [Symbol('s')]: failure() })],
  ['behind custom inspection', () => new Holder()],
  [
    'behind custom inspection of an error',
    () => Object.assign(failure(), { [inspect.custom]: () => CANARY, toJSON: () => CANARY, toString: () => CANARY }),
  ],
  [
    'behind a getter',
    () => ({
      get failure() {
        return failure();
      },
    }),
  ],
  ['behind toJSON', () => ({ toJSON: () => ({ failure: failure() }) })],
  ['on a proxy', () => new Proxy({ failure: failure() }, {})],
  ['in a proxy of an error', () => new Proxy(failure(), {})],
  ['as a cause', () => new Error('x', { cause: failure() })],
  ['in an AggregateError', () => new AggregateError([failure()], CANARY)],
  ['in a cycle', circular],
  ['deep inside', () => ({ a: { b: { c: { d: { e: failure() } } } } })],
  [
    'as what a promise failed with',
    () => {
      const failed = Promise.reject(failure());
      failed.catch(() => 0);
      return failed;
    },
  ],
  ['of another realm', () => runInContext(`Object.assign(new TypeError('${CANARY}'), { detail: '${CANARY}' })`, createContext())],
  ['without its prototype', () => Object.setPrototypeOf(Object.assign(failure(), { detail: CANARY }), null)],
  ['written out by a serializer', () => ({ err: { type: 'X', message: CANARY, stack: `X: ${CANARY}` } })],
];

describe.each(HIDING)('an error %s', (_where, make) => {
  it.each(['alone', '%s', '%d', '%i', '%f', '%j', '%o', '%O', '%c'])('keeps its message to itself (%s)', (format) => {
    expect(JSON.stringify(formatConsoleCall(format === 'alone' ? [make()] : [format, make()]))).not.toContain(CANARY);
    expect(JSON.stringify(formatConsoleCall(['text', make()]))).not.toContain(CANARY);
  });
});

it('a function is there by its name', () => {
  expect(formatConsoleCall([function named() {}, '%s', () => 0]).body).toBe('[Function: named] %s [Function (anonymous)]');
});

describe('the text of a count or a duration', () => {
  it.each([
    ['count', 'label %s: 2', ['label %s'], 'label %s: 2'],
    ['count without a label', 'default: 1', [], 'default: 1'],
    ['count of an error', `Error: ${CANARY}: 1`, [failure()], 'PaymentError: 1'],
    ['count of an object', '[object Object]: 3', [{}], '{}: 3'],
    ['duration with data', `  load: 1.25ms Error: ${CANARY}`, ['load', failure(), { a: 1 }], 'load: 1.25ms PaymentError { a: 1 }'],
    ['duration of minutes', 'load: 1:02.345 (m:ss.mmm) x', ['load', 'x'], 'load: 1:02.345 (m:ss.mmm) x'],
    ['what cannot be read', 'odd', ['load', failure()], 'load:  PaymentError'],
  ])('%s', (_what, heard, args, body) => {
    expect(formatFigureCall(heard, args).body).toBe(body);
  });
});
