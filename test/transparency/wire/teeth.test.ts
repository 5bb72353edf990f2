import { describe, expect, it } from 'vitest';
import type { CellName } from './cells.js';
import { changing, harming, replace } from './harm.js';
import { bare } from './instruments.js';
import type { Instruments } from './instruments.js';
import { record } from './record.js';
import type { Recording, Side } from './recording.js';

// A comparison that sees nothing would pass as well. Each of these does to its host what an instrumentation must not do,
// and must be seen, by the part of the record that it is for, even where its side is known to add trace context.

type Face = keyof ReturnType<Recording['lines']>;

const answersMore = changing('server', (message) =>
  message.result === undefined ? message : { ...message, result: { ...message.result, _meta: { traceparent: 'x' } } },
);
const otherOrder = changing('client', (message) => Object.fromEntries(Object.entries(message).reverse()));
const wrongPlace = changing('client', (message) =>
  message.params === undefined ? message : { ...message, params: { ...message.params, traceparent: 'x' } },
);
const overwrites = changing('client', (message) =>
  message.params?.['_meta'] === undefined ? message : { ...message, params: { ...message.params, _meta: { traceparent: 'x' } } },
);
const reportsTwice = harming('server', (transport) => {
  replace(transport, 'onerror', (onerror) => (error) => {
    onerror(error);
    onerror(error);
  });
});
const addsHeader = harming('client', (transport) => {
  replace(transport, '_commonHeaders', (headers) => async () => {
    const all = (await headers()) as Headers;
    all.set('traceparent', 'x');
    return all;
  });
});
const changesOutcomes: Instruments = {
  ...bare,
  client: (client) => {
    replace(client as object, 'callTool', (call) => async (...args) => ({
      ...((await call(...args)) as object),
      _meta: { traceparent: 'x' },
    }));
    return client;
  },
};

const harms: readonly (readonly [string, CellName, Face, Instruments])[] = [
  ['a trace context in results', 'in memory, v1', 'messages', answersMore],
  ['another order of keys', 'in memory, v2', 'messages', otherOrder],
  ['a trace context beside `_meta`', 'stdio, v1', 'messages', wrongPlace],
  ["the caller's own `_meta` overwritten", 'stdio, v2', 'messages', overwrites],
  ["the caller's own `_meta` overwritten, at the handler", 'in memory, v1', 'handlers', overwrites],
  ['errors reported twice', 'stdio, v1', 'errors', reportsTwice],
  ['a header more', 'Streamable HTTP with a session, v1', 'exchanges', addsHeader],
  ['a key more in what a call resolved with', 'in memory, v1', 'outcomes', changesOutcomes],
];

describe('the comparison sees', () => {
  it.concurrent.each(harms)('%s', async (_harm, cell, face, instruments) => {
    const [without, harmed] = await Promise.all([record(cell, bare), record(cell, instruments)]);
    const injecting = new Set<Side>(['client', 'server']);
    const before = without.lines(injecting)[face];
    expect(before.length).toBeGreaterThan(0);
    expect(harmed.lines(injecting)[face]).not.toEqual(before);
  });
});
