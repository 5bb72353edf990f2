import { metrics, trace } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { coverLibraries } from '../../../../src/providers/patching/libraries.js';
import { libraryStatus } from '../../../../src/providers/patching/libraryStatus.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';
import { fakePackages } from './fakePackages.js';

const FAKE_IOREDIS = 'class Redis { sendCommand() {} connect() {} } module.exports = Redis;';
const only = (library: string) => ({ pg: false, pino: false, runtime: false, ioredis: false, [library]: true });
const reports: string[] = [];
const dependencies = { tracer: trace.getTracer('test'), meter: metrics.getMeter('test'), clock: new FakeClock(), report: (line: string) => void reports.push(line) };

it('covers an ioredis with a channel by its channel, an older one by a patch, never one by both', () => {
  using packages = fakePackages();
  packages.load('ioredis', '5.10.1', FAKE_IOREDIS);
  packages.load('ioredis', '5.11.0', FAKE_IOREDIS);
  packages.load('ioredis', '1.0.0', FAKE_IOREDIS);
  const coverage = (): unknown[] => {
    const copies = libraryStatus(only('ioredis')).find(({ name }) => name === 'ioredis')?.copies ?? [];
    return copies.filter(({ root }) => root.startsWith(packages.folder)).map((copy) => [copy.version, copy.coverage, copy.reason]);
  };
  const unsupported = ['1.0.0', 'none', 'unsupported version; supported: >=2.0.0 <5.11.0 or >=5.11.0'];
  const uncover = coverLibraries({ ...dependencies, libraries: only('ioredis') });
  try {
    expect(coverage()).toEqual([['5.10.1', 'patched', undefined], ['5.11.0', 'channel', undefined], unsupported]);
  } finally {
    uncover();
  }
  expect(coverage()).toMatchObject([['5.10.1', 'none', /imported after/], ['5.11.0', 'channel', undefined], unsupported].map((row) => row.map((cell) => (cell instanceof RegExp ? expect.stringMatching(cell) : cell))));
});

it('reports a library it cannot cover, and covers the others', () => {
  using packages = fakePackages();
  // The wrapper may not be put in place: patching this copy throws.
  packages.load('ioredis', '5.0.0', 'class Redis { sendCommand() {} connect() {} } Object.freeze(Redis.prototype); module.exports = Redis;');
  reports.length = 0;
  const uncover = coverLibraries({ ...dependencies, libraries: { pg: false, pino: false, runtime: true, ioredis: true } });
  try {
    expect(reports).toEqual([expect.stringMatching(/^ioredis is not covered: .+ libraries: \{ ioredis: false \}\.$/)]);
  } finally {
    uncover();
  }
});

it('says that a library is switched off', () => {
  using packages = fakePackages();
  packages.load('ioredis', '6.0.0', FAKE_IOREDIS);
  const [copy] = libraryStatus(only('pg')).find(({ name }) => name === 'ioredis')?.copies ?? [];
  expect(copy).toMatchObject({ coverage: 'none', reason: 'switched off in libraries' });
});
