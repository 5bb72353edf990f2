import { metrics, trace } from '@opentelemetry/api';
import type { Meter, Span, Tracer } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { coverPg } from '../../../../../src/instrumentation/libraries/pg/coverPg.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';
import { Recording } from '../../../telemetry/recording.js';

type Callback = (error: unknown, result?: unknown) => void;

/** Answers as a client of pg does, at once. */
const fakeClient = () =>
  class {
    database = 'db';
    host = 'postgres://user:secret@host/db';
    port = 5432;
    query(_config: unknown, ...rest: unknown[]): unknown {
      const callback = rest.find((value): value is Callback => typeof value === 'function');
      if (callback === undefined) return new Promise((resolve) => resolve('answer'));
      callback(null, 'answer');
      return undefined;
    }
    connect(): void {}
  };

const fail = (): never => {
  throw new Error('broken telemetry');
};
const brokenSpan = { setAttribute: fail, setStatus: fail, end: fail } as unknown as Span;
const BROKEN: readonly (readonly [what: string, tracer: Tracer, meter: Meter])[] = [
  ['a tracer that throws', { startSpan: fail, startActiveSpan: fail }, metrics.getMeter('test')],
  ['spans that throw', { startSpan: () => brokenSpan, startActiveSpan: fail }, metrics.getMeter('test')],
];

it.each(BROKEN)('%s costs the host nothing', async (_what, tracer, meter) => {
  const Client = fakeClient();
  const cover = coverPg({ tracer, meter, clock: new FakeClock() });
  const { undo } = cover.client(Client);
  const answers: unknown[] = [];
  new Client().query('SELECT 1', (_error: unknown, answer: unknown) => answers.push(answer));
  expect([await new Client().query('SELECT 1'), ...answers]).toEqual(['answer', 'answer']);
  undo();
  cover.disable();
});

it('puts no connection string on a span that stands in the place of a host', async () => {
  const recording = new Recording();
  const Client = fakeClient();
  const cover = coverPg({ tracer: recording.tracer, meter: recording.meter, clock: new FakeClock() });
  cover.client(Client);
  await new Client().query('SELECT 1');
  expect(recording.spans[0]?.attributes).toMatchObject({ 'server.address': '_OTHER', 'server.port': 5432, 'db.namespace': 'db' });
  await recording.dispose();
});

it('leaves a class alone that another instrumentation wrapped, and says when one came later', () => {
  const cover = coverPg({ tracer: trace.getTracer('test'), meter: metrics.getMeter('test'), clock: new FakeClock() });
  const marked = (original: unknown) => Object.assign(() => undefined, { __original: original, __unwrap: () => undefined });
  const Before = fakeClient();
  const theirs = marked(Before.prototype.query);
  Before.prototype.query = theirs;
  const before = cover.client(Before);
  expect([before.coverage(), Before.prototype.query]).toEqual(['other', theirs]);

  const Later = fakeClient();
  const later = cover.client(Later);
  expect(later.coverage()).toBe('patched');
  Later.prototype.query = marked(Later.prototype.query);
  expect(later.coverage()).toBe('other');
  before.undo();
  later.undo();
  expect(Before.prototype.query).toBe(theirs);
});

it('covers a class once that is found twice, by itself and by one that inherits from it', () => {
  const Client = fakeClient();
  class Derived extends Client {}
  const original = Client.prototype.query;
  const cover = coverPg({ tracer: trace.getTracer('test'), meter: metrics.getMeter('test'), clock: new FakeClock() });
  const coverings = [cover.client(Derived), cover.client(Client)];
  expect([Derived, Client].map((each) => Object.hasOwn(each.prototype, 'query'))).toEqual([false, true]);
  expect(coverings.map(({ coverage }) => coverage())).toEqual(['patched', 'patched']);
  for (const { undo } of coverings) undo();
  expect(Client.prototype.query).toBe(original);
});

it('restores every method of a class', () => {
  const Client = fakeClient();
  const methods = (): unknown[] => [Client.prototype.query, Client.prototype.connect];
  const before = methods();
  const cover = coverPg({ tracer: trace.getTracer('test'), meter: metrics.getMeter('test'), clock: new FakeClock() });
  const { undo } = cover.client(Client);
  expect(methods().map((method, index) => method === before[index])).toEqual([false, false]);
  undo();
  expect(methods()).toEqual(before);
});

it('refuses what is no class', () => {
  const cover = coverPg({ tracer: trace.getTracer('test'), meter: metrics.getMeter('test'), clock: new FakeClock() });
  expect(() => cover.pool({})).toThrow('no prototype');
});
