import { tracingChannel } from 'node:diagnostics_channel';
import { metrics, trace } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { coverRedis } from '../../../../../src/instrumentation/libraries/redis/redisCover.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';

const channel = tracingChannel('ioredis:command');
const dependencies = () => ({ tracer: trace.getTracer('test'), meter: metrics.getMeter('test'), clock: new FakeClock() });

/** A version with a channel. */
const redisClass = () =>
  class {
    sendCommand(): void {}
    connect(): void {}
    _buildCommandContext(): void {}
  };

it('listens to the channel until it finds a copy that has it, and patches that: listening changes what ioredis does', () => {
  const redis = coverRedis(dependencies());
  expect(channel.hasSubscribers).toBe(true);
  const { coverage } = redis.cover(redisClass());
  expect([coverage(), channel.hasSubscribers, redis.wasSeen()]).toEqual(['patched', false, false]);
  redis.disable();
});

it('goes on listening where a bundled copy has been heard', () => {
  const redis = coverRedis(dependencies());
  channel.start.publish({ command: 'get', args: [] });
  const { coverage } = redis.cover(redisClass());
  expect([coverage(), channel.hasSubscribers, redis.wasSeen()]).toEqual(['channel', true, true]);
  redis.disable();
  expect(channel.hasSubscribers).toBe(false);
});

it('leaves the channel to bundles when it finds a version that has none', () => {
  const redis = coverRedis(dependencies());
  class Old {
    sendCommand(): void {}
    connect(): void {}
  }
  expect([redis.cover(Old).coverage(), channel.hasSubscribers]).toEqual(['patched', true]);
  redis.disable();
});
