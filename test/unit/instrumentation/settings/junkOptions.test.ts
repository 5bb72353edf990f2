import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../../../src/instrumentation/settings/resolve.js';
import type { TelemetryOptions } from '../../../../src/instrumentation/settings/options.js';

/** As a JavaScript host calls it. */
const resolved = (options: unknown) => resolveSettings(options as TelemetryOptions, {});
const defaults = resolved({});

const THROWING = new Proxy(
  {},
  {
    get: () => {
      throw new Error('unreadable');
    },
    ownKeys: () => {
      throw new Error('unlistable');
    },
  },
);
const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

it('names what is no option, a few of many and none that is read elsewhere', () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`x${at}_${'x'.repeat(100)}`, at]));
  const { notices } = resolved({ mcp: {}, ...many });
  expect(notices).toHaveLength(5);
  for (const notice of notices) expect(notice).toMatch(/^x\d_x{37} is not an option and has no effect\.$/);
});

describe('options of a wrong type are named and passed over:', () => {
  it.each<readonly [given: unknown, notice: string]>([
    [null, 'the argument of instrument() is null, not an object'],
    [[], 'the argument of instrument() is an array, not an object'],
    ['x', 'the argument of instrument() is of type string, not an object'],
    [{ serviceVersion: 5 }, 'serviceVersion is of type number, not a string'],
    [{ stdio: 'true' }, 'stdio is of type string, not true or false'],
    [{ captureErrorMessages: 'false' }, 'captureErrorMessages is of type string, not true or false'],
    [{ flushTimeoutMs: '10' }, 'flushTimeoutMs is of type string, not a number'],
    [{ flushTimeoutMs: Symbol('x') }, 'flushTimeoutMs is of type symbol, not a number'],
    [{ serviceName: 5 }, 'serviceName is of type number, not a string'],
    [{ prometheus: null }, 'prometheus is null, not an object'],
    [{ prometheus: { port: '9464', enabled: 0 } }, 'prometheus.port is of type string, not a number'],
    [{ prometheus: { host: [] } }, 'prometheus.host is an array, not a string'],
    [{ libraries: null }, 'libraries is null, not an object'],
    [{ libraries: { pg: 'no' } }, 'libraries.pg is of type string, not true or false'],
    [{ modules: null }, 'modules is null, not an object'],
    [{ servceName: 'x' }, 'servceName is not an option and has no effect'],
    [{ libraries: { redis: false } }, 'libraries.redis is not an option and has no effect'],
    [{ resourceAttributes: null }, 'resourceAttributes is null, not an object'],
    [() => THROWING, 'serviceName cannot be read'],
    [() => ({ prometheus: revoked() }), 'prometheus is an array, not an object'],
  ])('%#: $1', (given, notice) => {
    // Made here, where the runner does not print it.
    const options = typeof given === 'function' ? (given as () => unknown)() : given;
    const { notices, ...settings } = resolved(options);
    expect(notices.join('\n')).toContain(notice);
    expect({ ...settings, options: {} }).toEqual({ ...defaults, notices: undefined, options: {} });
  });
});

it('resource attributes that could not be encoded are left out, the others stay', () => {
  const cycle: { self?: object } = {};
  cycle.self = cycle;
  const { options, notices } = resolved({
    resourceAttributes: {
      a: 'a',
      n: 1,
      b: false,
      list: ['x'],
      big: 1n,
      symbol: Symbol('secret'),
      made: () => 'secret',
      none: null,
      unset: undefined,
      cycle,
    },
  });
  expect(JSON.stringify(options.resourceAttributes)).toMatch(/^\{"a":"a","n":1,"b":false,"list":\["x"\],"cycle":\{/);
  expect(notices.map((notice) => /resourceAttributes: (\w+) must be a string/.exec(notice)?.[1])).toEqual([
    'big',
    'symbol',
    'made',
    'none',
  ]);
  expect(notices.join('')).not.toContain('secret');
});

it('whatever is given, settings are what they may be', () => {
  const junk = fc.oneof(
    fc.anything({
      withBigInt: true,
      withNullPrototype: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withDate: true,
    }),
    fc.constantFrom(THROWING, Symbol('x'), () => undefined),
  );
  const nested = fc.oneof(
    junk,
    fc.record(
      { enabled: junk, listen: junk, port: junk, host: junk, pg: junk, pino: junk, ioredis: junk, runtime: junk },
      { requiredKeys: [] },
    ),
  );
  const names = [
    'serviceName',
    'serviceVersion',
    'stdio',
    'flushTimeoutMs',
    'exitHooks',
    'captureErrorMessages',
    'flushOnProcessExit',
    'consoleToStderr',
  ];
  const options = fc.record(
    {
      ...Object.fromEntries(names.map((name) => [name, junk])),
      prometheus: nested,
      libraries: nested,
      modules: nested,
      resourceAttributes: nested,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(options, junk), (given) => {
      const {
        stdio,
        exitHooks,
        captureErrorMessages,
        flushOnProcessExit,
        consoleToStderr,
        flushTimeoutMs,
        prometheus,
        libraries,
        options: taken,
      } = resolved(given);
      for (const flag of [
        stdio,
        exitHooks,
        captureErrorMessages,
        flushOnProcessExit,
        consoleToStderr,
        prometheus.enabled,
        prometheus.listen,
        ...Object.values(libraries),
      ])
        expect(flag).toBeTypeOf('boolean');
      expect(flushTimeoutMs >= 0 && flushTimeoutMs <= 60_000 && Number.isInteger(prometheus.port)).toBe(true);
      expect([taken.serviceName ?? '', taken.serviceVersion ?? '', prometheus.host].map((text) => typeof text)).toEqual([
        'string',
        'string',
        'string',
      ]);
      expect(JSON.stringify(taken.resourceAttributes ?? {})).toBeTypeOf('string');
    }),
    {
      numRuns: 500,
      // The usual report would print what it failed for, which cannot be printed.
      reporter: ({ failed, seed, counterexamplePath, errorInstance }) => {
        if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath}`, { cause: errorInstance });
      },
    },
  );
});
