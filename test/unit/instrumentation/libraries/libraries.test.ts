import { metrics, trace } from '@opentelemetry/api';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, it } from 'vitest';
import { coverLibraries } from '../../../../src/instrumentation/libraries/libraries.js';
import type { LibraryCoverage, LibraryDependencies } from '../../../../src/instrumentation/libraries/libraries.js';
import type { LibraryModules } from '../../../../src/instrumentation/settings/options.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';
import { fakePackages } from './fakePackages.js';
import { jsRuntimeOf } from '../../../../src/instrumentation/loading/jsRuntime.js';
import type { FakePackages } from './fakePackages.js';

const OLD_REDIS = 'class Redis { sendCommand() {} connect() {} disconnect() {} } module.exports = { default: Redis };';
const NEW_REDIS =
  'class Redis { sendCommand() {} connect() {} disconnect() {} _buildCommandContext() {} } module.exports = { default: Redis };';

const reports: string[] = [];
const open: LibraryCoverage[] = [];

function cover(library: 'pg' | 'ioredis', options: Partial<LibraryDependencies> = {}): LibraryCoverage {
  const coverage = coverLibraries({
    libraries: { pg: false, pino: false, runtime: false, ioredis: false, [library]: true },
    modules: {},
    pino: undefined,
    runtime: jsRuntimeOf(process.versions),
    tracer: trace.getTracer('test'),
    meter: metrics.getMeter('test'),
    clock: new FakeClock(),
    report: (line) => void reports.push(line),
    ...options,
  });
  open.push(coverage);
  return coverage;
}

afterEach(() => {
  for (const coverage of open.splice(0)) coverage.uncover();
  reports.length = 0;
  Reflect.deleteProperty(globalThis, 'handoffTrap');
});

function copiesOf(coverage: LibraryCoverage, name: string, packages: FakePackages): unknown[] {
  const copies = coverage.status().find((library) => library.name === name)?.copies ?? [];
  return copies
    .filter(({ root }) => root.startsWith(packages.folder))
    .map((copy) => [copy.version, copy.coverage, copy.foundBy, ...(copy.reason === undefined ? [] : [copy.reason])]);
}

const methodOf = (exports: unknown): unknown =>
  (exports as { default: { prototype: { sendCommand: unknown } } }).default.prototype.sendCommand;

it('covers every copy, those that load later too, each by the way its version has, and restores them', () => {
  using packages = fakePackages();
  const old = packages.load({ name: 'ioredis', version: '5.10.1', source: OLD_REDIS });
  packages.load({ name: 'ioredis', version: '1.0.0', source: OLD_REDIS });
  const before = methodOf(old);
  const coverage = cover('ioredis');
  packages.load({ name: 'ioredis', version: '5.11.0', source: NEW_REDIS });
  packages.load({ name: 'ioredis', version: '5.4.2', source: OLD_REDIS, isLinked: true });
  packages.load({ name: 'ioredis', version: '5.3.0', source: OLD_REDIS, folder: 'redis-by-another-name' });
  packages.load({ name: 'not-ioredis', version: '5.0.0', source: OLD_REDIS, file: 'built/Redis.js' });
  expect(copiesOf(coverage, 'ioredis', packages)).toEqual([
    ['5.10.1', 'patched', 'loaded'],
    ['1.0.0', 'none', 'loaded', 'unsupported version; supported: >=2.0.0 <7'],
    ['5.11.0', 'patched', 'load hook'],
    ['5.4.2', 'patched', 'load hook'],
    ['5.3.0', 'patched', 'load hook'],
  ]);
  expect(methodOf(old)).not.toBe(before);
  coverage.uncover();
  expect(methodOf(old)).toBe(before);
});

it('reports a copy it cannot cover, and covers the others', () => {
  using packages = fakePackages();
  packages.load({ name: 'ioredis', version: '5.0.0', source: `${OLD_REDIS} Object.freeze(Redis.prototype);` });
  packages.load({ name: 'ioredis', version: '5.1.0', source: OLD_REDIS });
  const coverage = cover('ioredis');
  expect(reports).toEqual([expect.stringMatching(/^ioredis 5\.0\.0 is not covered: .+ libraries: \{ ioredis: false \}\.$/)]);
  expect(copiesOf(coverage, 'ioredis', packages)).toMatchObject([
    ['5.0.0', 'none', 'loaded', expect.stringContaining('Cannot redefine property: sendCommand')],
    ['5.1.0', 'patched', 'loaded'],
  ]);
});

it('says that a library is switched off, and leaves it as it is', () => {
  using packages = fakePackages();
  const redis = packages.load({ name: 'ioredis', version: '5.0.0', source: OLD_REDIS });
  const before = methodOf(redis);
  const coverage = cover('pg');
  expect(copiesOf(coverage, 'ioredis', packages)).toEqual([['5.0.0', 'none', 'loaded', 'switched off in libraries']]);
  expect(methodOf(redis)).toBe(before);
});

it('says of a library that is not there what can be done', () => {
  const [, pool] = cover('pg').status();
  expect(pool).toMatchObject({ name: 'pg-pool', copies: [], note: expect.stringContaining('instrument({ modules: { pg } })') });
});

const TRAP =
  "Object.defineProperty(exports, 'Client', { enumerable: true, get() { globalThis.handoffTrap = (globalThis.handoffTrap ?? 0) + 1; throw new Error('trap'); } });";

it('reads nothing of packages that are others, whose exports may throw', () => {
  using packages = fakePackages();
  const other = { name: 'other', file: 'lib/client.js', source: TRAP };
  packages.load({ ...other, version: '1.0.0' });
  const coverage = cover('pg');
  packages.load({ ...other, version: '2.0.0' });
  expect(copiesOf(coverage, 'pg', packages)).toEqual([]);
  expect(Reflect.get(globalThis, 'handoffTrap')).toBeUndefined();
});

it('passes over a file of a library that cannot be read, and finds the others', () => {
  using packages = fakePackages();
  packages.load({ name: 'pg', version: '8.1.0', source: TRAP });
  packages.load({ name: 'pg', version: '8.2.0', source: 'exports.Client = class { query() {} connect() {} };' });
  const coverage = cover('pg');
  packages.load({ name: 'pg', version: '8.3.0', source: TRAP });
  expect(copiesOf(coverage, 'pg', packages)).toEqual([['8.2.0', 'patched', 'loaded']]);
  expect(Reflect.get(globalThis, 'handoffTrap')).toBeGreaterThan(0);
});

it('says of a copy that throws when it is looked at why it does not know its coverage', () => {
  class Redis {
    sendCommand(): void {}
    connect(): void {}
    disconnect(): void {}
    _buildCommandContext(): void {}
  }
  const coverage = cover('ioredis', { modules: { ioredis: Redis } });
  Object.defineProperty(Redis.prototype, 'sendCommand', {
    get: () => {
      throw new Error('odd');
    },
  });
  expect(coverage.status().find(({ name }) => name === 'ioredis')?.copies).toEqual([
    { version: 'unknown', root: 'bundled', foundBy: 'handed over', coverage: 'none', reason: 'odd' },
  ]);
});

it('says that coverage has ended once it has', () => {
  using packages = fakePackages();
  packages.load({ name: 'ioredis', version: '5.0.0', source: OLD_REDIS });
  packages.load({ name: 'ioredis', version: '1.0.0', source: OLD_REDIS });
  const coverage = cover('ioredis', { libraries: { pg: true, pino: false, ioredis: true, runtime: true } });
  const [, , , , runtime] = coverage.status();
  expect(runtime).toEqual({
    name: 'runtime',
    enabled: true,
    copies: [{ version: process.versions.node, root: 'node', coverage: 'observed', foundBy: 'loaded' }],
  });
  coverage.uncover();
  packages.load({ name: 'ioredis', version: '5.1.0', source: OLD_REDIS });
  expect(copiesOf(coverage, 'ioredis', packages)).toEqual([
    ['5.0.0', 'none', 'loaded', 'shut down'],
    ['1.0.0', 'none', 'loaded', 'unsupported version; supported: >=2.0.0 <7'],
  ]);
  const [, pool, , pino, ended] = coverage.status();
  expect([pool, pino]).toEqual([
    { name: 'pg-pool', enabled: true, copies: [], note: 'shut down' },
    { name: 'pino', enabled: false, copies: [], note: 'switched off in libraries' },
  ]);
  expect(ended?.copies).toMatchObject([{ coverage: 'none', reason: 'shut down' }]);
});

it("says of Node's runtime when it is switched off", () => {
  expect(cover('pg').status().at(-1)).toEqual({ name: 'runtime', enabled: false, copies: [], note: 'switched off in libraries' });
});

class Client {
  query(): void {}
  connect(): void {}
}
class Pool {
  query(): void {}
  connect(): void {}
  end(): void {}
}
class BoundPool extends Pool {}
const pg = { Client, Pool: BoundPool };

it.each<[string, LibraryModules]>([
  ['a default export', { pg }],
  ['a namespace', { pg: { default: pg } }],
  ['a namespace around CommonJS', { pg: { default: { default: pg } } }],
  ['names alone', { pg: { ...pg } }],
])('covers what is handed over: %s', (_what, modules) => {
  const methods = (): unknown[] => [Client.prototype.query, Pool.prototype.connect];
  const before = methods();
  const coverage = cover('pg', { modules });
  const handedOver = { version: 'unknown', root: 'bundled', coverage: 'patched', foundBy: 'handed over' };
  expect(coverage.status()).toMatchObject([
    { name: 'pg', copies: [handedOver] },
    { name: 'pg-pool', copies: [handedOver] },
    { name: 'ioredis' },
    { name: 'pino' },
    { name: 'runtime' },
  ]);
  expect(methods().every((method, index) => method !== before[index])).toBe(true);
  coverage.uncover();
  expect(methods()).toEqual(before);
});

it('says of each module that is not what it should be so, once, and throws nothing', () => {
  const trap = new Proxy(
    {},
    {
      get: () => {
        throw new Error('trap');
      },
    },
  );
  const modules = { pg: { Pool: class {} }, ioredis: trap, pino: 7, unknown: {}, 'pg-pool': undefined } as unknown as LibraryModules;
  const coverage = cover('ioredis', { modules });
  const notices = coverage.notices();
  expect(notices).toEqual([
    'modules.pg is not pg: pass what `import * as` or `require` returns. A bundled pg is not covered.',
    'modules.ioredis is not ioredis: pass what `import * as` or `require` returns. A bundled ioredis is not covered.',
    'modules.pino is not pino: pass what `import * as` or `require` returns. A bundled pino is not covered.',
    'modules.unknown is not a known library; the known ones are pg, pg-pool, ioredis, pino.',
  ]);
  expect(reports).toEqual(notices);
});

it('still says of a copy that was handed over how it is covered when the program has let go of the module', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { coverage, reference } = handOverAndForget();
  await expect
    .poll(() => {
      collect();
      return reference.deref() === undefined;
    })
    .toBe(true);
  const copies = (): unknown => coverage.status().find(({ name }) => name === 'ioredis')?.copies;
  expect(copies()).toEqual([{ version: 'unknown', root: 'bundled', foundBy: 'handed over', coverage: 'patched' }]);
  coverage.uncover();
  expect(copies()).toMatchObject([{ coverage: 'none', reason: 'shut down' }]);
});

function handOverAndForget(): { coverage: ReturnType<typeof cover>; reference: WeakRef<object> } {
  class Redis {
    sendCommand(): void {}
    connect(): void {}
    disconnect(): void {}
  }
  const coverage = cover('ioredis');
  coverage.handOver({ ioredis: Redis });
  return { coverage, reference: new WeakRef(Redis) };
}
