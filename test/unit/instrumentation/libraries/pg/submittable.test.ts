import { expect, it } from 'vitest';
import { isObservable, isSubmittable, watchSubmittable } from '../../../../../src/instrumentation/libraries/pg/submittable.js';

class FakeQuery {
  readonly calls: unknown[] = [];
  _canceledDueToError: unknown = false;
  submit(): void {}
  handleReadyForQuery(connection: unknown): string {
    if (this._canceledDueToError) this.handleError(this._canceledDueToError);
    this.calls.push(['ready', connection]);
    return 'ready';
  }
  handleError(error: unknown): string {
    this.calls.push(['error', error]);
    return 'error';
  }
}

function watched(query: FakeQuery): unknown[] {
  const ends: unknown[] = [];
  watchSubmittable(query, { succeed: () => void ends.push('succeeded'), fail: (error) => void ends.push(error) });
  return ends;
}

it('succeeds when the client is ready again, and leaves the query as it was', () => {
  const query = new FakeQuery();
  const ends = watched(query);
  expect(Object.keys(query)).toEqual(['calls', '_canceledDueToError']);
  expect(query.handleReadyForQuery('connection')).toBe('ready');
  expect([ends[0], query.calls, Object.getOwnPropertyNames(query)]).toEqual([
    'succeeded',
    [['ready', 'connection']],
    ['calls', '_canceledDueToError'],
  ]);
});

it('fails with what the client says', () => {
  const query = new FakeQuery();
  const ends = watched(query);
  const error = new Error('gone');
  expect(query.handleError(error)).toBe('error');
  expect([ends, query.calls, Object.getOwnPropertyNames(query)]).toEqual([[error], [['error', error]], ['calls', '_canceledDueToError']]);
});

it('fails with the row that could not be parsed, which comes to light at the end', () => {
  const query = new FakeQuery();
  const ends = watched(query);
  query._canceledDueToError = new Error('bad row');
  query.handleReadyForQuery('connection');
  expect(ends[0]).toBe(query._canceledDueToError);
});

it("passes an exception of the host's own handler on", () => {
  const query = new FakeQuery();
  query.handleReadyForQuery = () => {
    throw new Error('of the host');
  };
  const own = query.handleReadyForQuery;
  const ends = watched(query);
  expect(() => query.handleReadyForQuery('connection')).toThrow('of the host');
  expect([ends[0], query.handleReadyForQuery]).toEqual(['succeeded', own]);
});

it('watches nothing that cannot be changed, and breaks nothing by trying', () => {
  const query = Object.freeze(new FakeQuery());
  expect(watched(query)).toEqual([]);
  expect(query.handleReadyForQuery('connection')).toBe('ready');
});

it.each([
  [new FakeQuery(), true, true],
  [{ submit: () => {}, handleError: () => {} }, true, false],
  [{ text: 'SELECT 1' }, false, false],
])('tells what runs itself and can be watched: %o', (query, runsItself, canBeWatched) => {
  expect([isSubmittable(query), isObservable(query)]).toEqual([runsItself, canBeWatched]);
});

it.each(['SELECT 1', null, undefined])('%j does not run itself', (query) => {
  expect(isSubmittable(query)).toBe(false);
});
