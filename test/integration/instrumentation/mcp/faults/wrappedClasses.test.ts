import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { InMemoryTransport as InMemoryTransportV1 } from '@modelcontextprotocol/sdk/inMemory.js';
import { InMemoryTransport as InMemoryTransportV2 } from '@modelcontextprotocol/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpHooks } from '../../../../../src/instrumentation/mcp/instrumentation.js';
import type { AnyFunction } from '../../../../../src/values/guards.js';
import { generations } from '../../../../unit/instrumentation/mcp/generations.js';
import { Ledger } from './ledger.js';

/** Other code wraps the class of a transport, or the transport, while it is connected: each message still counts once. */

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let ledger: Ledger;
let instrumentation: McpHooks;
beforeEach(() => {
  ledger = new Ledger();
  instrumentation = ledger.instrumentation();
});
afterEach(async () => {
  instrumentation.disable();
  await ledger.dispose();
});

type Wrapped = Record<'send' | 'onmessage', AnyFunction>;

function wrap(target: object, key: keyof Wrapped): () => void {
  const wrapped = target as Wrapped;
  const original = wrapped[key];
  wrapped[key] = function (this: unknown, ...args: unknown[]): unknown {
    return original.apply(this, args);
  };
  return () => {
    wrapped[key] = original;
  };
}

const prototypes = [InMemoryTransportV1.prototype, InMemoryTransportV2.prototype];

describe.each(generations)('$name', ({ make }) => {
  const connected = async () => {
    const pair = make();
    instrumentation.instrumentServer(pair.server);
    await pair.connect();
    ledger.ended.length = 0;
    const { transport } = (pair.server as unknown as { server: { transport: object } }).server;
    const { server } = pair.server as unknown as { server: { ping(): Promise<unknown> } };
    return { pair, transport, ping: () => server.ping() };
  };
  const counted = (): readonly unknown[] => ledger.ended.map(({ name, attributes }) => [name, attributes['error.type']]);

  it('a wrapper around the class and another callback count no message twice', async () => {
    const { pair, transport, ping } = await connected();
    const undo = prototypes.map((prototype) => wrap(prototype, 'send'));
    try {
      wrap(transport, 'onmessage');
      await ping();
      await ping();
      await pair.call('echo');
      await pair.close();
      expect(counted()).toEqual([
        ['ping', undefined],
        ['ping', undefined],
        ['tools/call echo', undefined],
      ]);
      expect(ledger.open).toEqual([]);
    } finally {
      for (const each of undo) each();
    }
  });

  it('nor does a wrapper around the transport itself', async () => {
    const { pair, transport, ping } = await connected();
    wrap(transport, 'send');
    wrap(transport, 'onmessage');
    await ping();
    await ping();
    await pair.call('echo');
    expect(counted()).toEqual([
      ['ping', undefined],
      ['ping', undefined],
      ['tools/call echo', undefined],
    ]);
    await pair.close();
  });

  it('answers are seen after others who came before us have put back what they found', async () => {
    const undo = prototypes.map((prototype) => wrap(prototype, 'send'));
    const { pair } = await connected();
    for (const each of undo) each();
    await pair.call('echo');
    expect(counted()).toEqual([['tools/call echo', undefined]]);
    await pair.close();
  });
});

it('a server that lives long keeps no instrumentation that was switched off', async () => {
  const [{ make } = { make: () => undefined as never }] = generations;
  const { server } = make();
  const tracers: WeakRef<object>[] = [];
  for (let time = 0; time < 50; time += 1) {
    const tracer = { startSpan: () => ledger.tracer.startSpan('never'), startActiveSpan: () => undefined as never };
    tracers.push(new WeakRef(tracer));
    const hooks = ledger.instrumentation({ tracer });
    hooks.instrumentServer(server);
    hooks.disable();
  }
  await expect.poll(() => collected(tracers), { timeout: 10_000 }).toBeLessThan(5);
  // It has lived until here.
  expect(server).toHaveProperty('server');
});

async function collected(refs: readonly WeakRef<object>[]): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  collectGarbage();
  return refs.filter((ref) => ref.deref() !== undefined).length;
}
