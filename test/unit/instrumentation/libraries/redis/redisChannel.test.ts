import { tracingChannel } from 'node:diagnostics_channel';
import { expect, it, vi } from 'vitest';
import { subscribeRedis } from '../../../../../src/instrumentation/libraries/redis/redisChannel.js';
import { RedisCommands } from '../../../../../src/instrumentation/libraries/redis/redisCommands.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';

const channel = tracingChannel('ioredis:command');

it('counts failures of commands, but not what a server too old for it refuses the client', () => {
  const record = vi.fn();
  const dependencies = { tracer: { startSpan: vi.fn() }, meter: { createHistogram: () => ({ record }) }, clock: new FakeClock() };
  const { end } = subscribeRedis(new RedisCommands(dependencies as unknown as ConstructorParameters<typeof RedisCommands>[0]));
  const published = [
    { command: 'client', args: ['SETINFO', 'LIB-NAME', 'ioredis'] },
    { command: 'client', args: ['KILL', 'a'] },
    { command: 'get', args: ['?'] },
  ];
  for (const message of published) {
    channel.start.publish(message);
    channel.asyncEnd.publish(Object.assign(message, { error: new Error('ERR no') }));
  }
  end();
  expect(record.mock.calls.map(([, labels]) => (labels as Record<string, unknown>)['db.operation.name'])).toEqual(['CLIENT', 'GET']);
});
