import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { Exchanges } from '../../../../src/handoff/server/exchanges.js';
import type { Exchange } from '../../../../src/handoff/server/exchanges.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';

it('cuts off an answer of which a part has waited for too long without interruption, and no other', async () => {
  const clock = new FakeClock();
  const cut: string[] = [];
  const exchanges = new Exchanges({ maxOpen: 1, maxHeldBytes: 1000, maxUnreadMs: 100 }, clock, (reason) => cut.push(reason));
  const response = Object.assign(new EventEmitter(), { writableLength: 10, write: () => true });
  const request = { socket: { destroy: () => response.emit('close') } };
  exchanges.begin(request as unknown as IncomingMessage, response as unknown as ServerResponse, () => undefined);
  exchanges.sweep();
  await clock.advance(60);
  // The client has read what there was, and then comes more.
  response.writableLength = 0;
  exchanges.sweep();
  await clock.advance(60);
  response.writableLength = 10;
  exchanges.sweep();
  await clock.advance(100);
  exchanges.sweep();
  expect(cut).toEqual([]);
  await clock.advance(1);
  exchanges.sweep();
  expect([cut, exchanges.isFull]).toEqual([['unread'], false]);
});

it('cuts off the largest as soon as too much is held, the oldest of equals, and tells of it where it was decided', () => {
  const cut: unknown[] = [];
  const ended: unknown[] = [];
  const limits = { maxOpen: 10, maxHeldBytes: 1000, maxUnreadMs: 100 };
  const exchanges = new Exchanges(limits, new FakeClock(), (reason, { url }) => cut.push([reason, url]));
  const begin = (url: string): Exchange => {
    const response = Object.assign(new EventEmitter(), { writableLength: 0, write: () => true });
    const request = { url, socket: { destroy: () => response.emit('close') } };
    return exchanges.begin(request as unknown as IncomingMessage, response as unknown as ServerResponse, (wasRefused) =>
      ended.push([url, wasRefused]),
    );
  };
  const [small, first, second] = [begin('small'), begin('first'), begin('second')];
  small.hold(200);
  first.hold(400);
  second.hold(400);
  expect(cut).toEqual([]);
  small.hold(201);
  expect(cut).toEqual([['memory', 'first']]);
  expect(ended).toEqual([['first', true]]);
  // What was read holds no memory any more.
  second.hold(0);
  small.hold(1000);
  expect(cut).toHaveLength(1);
});
