import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { Exchanges } from '../../../../src/handoff/server/exchanges.js';
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
