import { ROOT_CONTEXT, context, createContextKey } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RedisContexts } from '../../../../../src/instrumentation/libraries/redis/redisContexts.js';

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => {
  context.disable();
});

const KEY = createContextKey('made by');
const by = <T>(maker: string, work: () => T): T => context.with(ROOT_CONTEXT.setValue(KEY, maker), work);
const maker = (): unknown => context.active().getValue(KEY);
const command = () => ({ name: 'get', args: [], resolve: () => undefined, reject: () => undefined });

it('sends a command of a pipeline or a Cluster in the context it was made in, and only that once', () => {
  const contexts = new RedisContexts();
  const [piped, clustered, direct] = [command(), command(), command()];
  by('first', () => contexts.made(piped));
  by('second', () => contexts.given(clustered));
  const send = (given: object): unknown => by('sender', () => contexts.run(given, { status: 'ready' }, maker));
  expect([piped, clustered, direct].map(send)).toEqual(['first', 'second', 'sender']);
  expect(send(piped)).toBe('sender');
});

it('remembers it while the connection is not ready', () => {
  const contexts = new RedisContexts();
  const piped = command();
  by('maker', () => contexts.made(piped));
  by('sender', () => contexts.run(piped, { status: 'connecting' }, maker));
  expect(by('connection', () => contexts.run(piped, { status: 'ready' }, maker))).toBe('maker');
});
