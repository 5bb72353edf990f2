import { ROOT_CONTEXT, SpanKind, context, createContextKey, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RedisCommands } from '../../../../../src/instrumentation/libraries/redis/redisCommands.js';
import { patchRedis } from '../../../../../src/instrumentation/libraries/redis/redisPatch.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';

const record = vi.fn();
const meter = { createHistogram: () => ({ record }) } as unknown as ConstructorParameters<typeof RedisCommands>[0]['meter'];

let exporter: InMemorySpanExporter;
let commands: RedisCommands;
let clock: FakeClock;

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  exporter = new InMemorySpanExporter();
  clock = new FakeClock();
  const tracer = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }).getTracer('test');
  commands = new RedisCommands({ tracer, meter, clock });
  record.mockClear();
});
afterEach(() => {
  context.disable();
});

const PARENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
const inSpan = <T>(work: () => T): T => context.with(trace.setSpanContext(context.active(), PARENT), work);
const spans = (): unknown[] =>
  exporter
    .getFinishedSpans()
    .map(({ name, kind, parentSpanContext, attributes }) => [name, kind, parentSpanContext?.spanId, attributes['error.type']]);

class Command {
  readonly args = ['a-key', 'a-value'];
  readonly name: string;
  readonly promise: Promise<unknown>;
  resolve: (value: unknown) => void = () => undefined;
  reject: (error: unknown) => void = () => undefined;
  constructor(name: string) {
    this.name = name;
    this.promise = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
  }
}

function oldClient(): { client: { status: string; sendCommand(command: Command): unknown }; undo: () => void } {
  class Redis {
    status = 'ready';
    readonly options = { host: 'a-host', port: 6379, db: 2 };
    connect(): void {}
    sendCommand(command: Command): unknown {
      return command.promise;
    }
  }
  const undo = patchRedis(Redis.prototype as unknown as Parameters<typeof patchRedis>[0], commands);
  return { client: new Redis(), undo };
}

it('makes a span and a point of a command of a version without a channel, once however often it is sent', async () => {
  const { client } = oldClient();
  const command = new Command('set');
  const promise = inSpan(() => client.sendCommand(command));
  client.sendCommand(command);
  await clock.advance(20);
  command.resolve('OK');
  expect(await promise).toBe('OK');
  expect(spans()).toEqual([['SET', SpanKind.CLIENT, PARENT.spanId, undefined]]);
  expect(exporter.getFinishedSpans()[0]?.attributes).toMatchObject({
    'db.query.text': 'SET ?',
    'db.namespace': '2',
    'server.address': 'a-host',
    'server.port': 6379,
  });
  expect(record.mock.calls.map(([seconds, labels]) => [seconds, labels])).toEqual([
    [0.02, { 'db.system.name': 'redis', 'db.operation.name': 'SET', 'db.namespace': '2' }],
  ]);
  // The exemplar's span: not the one that happens to be active when the reply comes.
  expect(trace.getSpanContext(record.mock.calls[0]?.[2] as Context)).toEqual(exporter.getFinishedSpans()[0]?.spanContext());
});

it('says why a command failed, and hands the failure on', async () => {
  const { client } = oldClient();
  const command = new Command('lpush');
  const promise = inSpan(() => client.sendCommand(command));
  command.reject(new Error('WRONGTYPE a-secret'));
  await expect(promise).rejects.toThrow('WRONGTYPE');
  expect(spans()).toEqual([['LPUSH', SpanKind.CLIENT, PARENT.spanId, 'WRONGTYPE']]);
});

it('measures without a span what nobody asked for in a span, and what the client sends to connect', () => {
  const { client } = oldClient();
  const [polled, hello] = [new Command('get'), new Command('info')];
  client.sendCommand(polled);
  client.status = 'connect';
  inSpan(() => client.sendCommand(hello));
  polled.resolve('x');
  hello.resolve('x');
  expect(spans()).toEqual([]);
  expect(record).toHaveBeenCalledTimes(2);
});

it('does not count what a server too old for it refuses the client, which goes on all the same', () => {
  const { client } = oldClient();
  client.status = 'connect';
  const refused = [new Command('client'), new Command('readonly'), new Command('hello'), new Command('auth')];
  for (const command of refused) {
    command.promise.catch(() => undefined);
    client.sendCommand(command);
    command.reject(new Error(command.name === 'auth' ? 'WRONGPASS' : "ERR unknown command 'x'"));
  }
  expect(record.mock.calls.map(([, labels]) => labels as unknown)).toEqual([
    expect.objectContaining({ 'db.operation.name': 'AUTH', 'error.type': 'WRONGPASS' }),
  ]);
});

it('counts as a failure what the host itself asks of a server that refuses it', () => {
  const { client } = oldClient();
  const command = new Command('client');
  command.promise.catch(() => undefined);
  client.sendCommand(command);
  command.reject(new Error('ERR unknown subcommand'));
  expect(record.mock.calls.map(([, labels]) => labels as unknown)).toEqual([
    expect.objectContaining({ 'db.operation.name': 'CLIENT', 'error.type': 'ERR' }),
  ]);
});

it('lets the host have its reply when a meter or a tracer throws', async () => {
  const { client } = oldClient();
  record.mockImplementation(() => {
    throw new Error('a broken SDK');
  });
  const command = new Command('get');
  const promise = inSpan(() => client.sendCommand(command));
  command.resolve('x');
  record.mockReset();
  expect(await promise).toBe('x');
});

it('makes no span under one that is long over: whatever still runs there is a loop that it started', async () => {
  const { client } = oldClient();
  const span = new TracerProvider().getTracer('test').startSpan('request');
  const sendLater = (): void => void context.with(trace.setSpan(context.active(), span), () => client.sendCommand(new Command('get')));
  const started = vi.spyOn(clock, 'nowMs');
  span.end();
  const [seconds = 0] = (span as unknown as { endTime: [number, number] }).endTime;
  started.mockReturnValue(seconds * 1000 + 5_000);
  const answered = new Command('get');
  context.with(trace.setSpan(context.active(), span), () => client.sendCommand(answered));
  answered.resolve('x');
  expect(spans()).toEqual([['GET', SpanKind.CLIENT, span.spanContext().spanId, undefined]]);
  started.mockReturnValue(seconds * 1000 + 30_000);
  sendLater();
  expect(exporter.getFinishedSpans()).toHaveLength(1);
});

it('leaves the spans to an instrumentation that comes later', () => {
  const { client } = oldClient();
  const prototype = Object.getPrototypeOf(client) as { sendCommand: (command: Command) => unknown };
  const original = prototype.sendCommand;
  prototype.sendCommand = Object.assign(
    function wrapper(this: unknown, command: Command) {
      return Reflect.apply(original, this, [command]);
    },
    { __original: original },
  );
  const command = new Command('get');
  inSpan(() => client.sendCommand(command));
  command.resolve('x');
  expect(spans()).toEqual([]);
  expect(record).toHaveBeenCalledTimes(1);
});

it('stops when it is undone, even under another wrapper', () => {
  const { client, undo } = oldClient();
  const prototype = Object.getPrototypeOf(client) as { sendCommand: (command: Command) => unknown };
  const ours = prototype.sendCommand;
  prototype.sendCommand = function wrapper(this: unknown, command: Command) {
    return Reflect.apply(ours, this, [command]);
  };
  undo();
  const command = new Command('get');
  inSpan(() => client.sendCommand(command));
  command.resolve('x');
  expect(record).not.toHaveBeenCalled();
});

it('sends a command that had to wait for the connection in the context it was given in', () => {
  const key = createContextKey('asked');
  const sentIn: unknown[] = [];
  class Redis {
    status = 'connecting';
    _buildCommandContext(): void {}
    connect(): void {}
    sendCommand(command: Command): unknown {
      if (this.status === 'ready') sentIn.push(context.active().getValue(key));
      return command.promise;
    }
  }
  patchRedis(Redis.prototype as unknown as Parameters<typeof patchRedis>[0], commands, true);
  const client = new Redis();
  const command = new Command('get');
  const asked: Context = ROOT_CONTEXT.setValue(key, 'here');
  context.with(asked, () => client.sendCommand(command));
  client.status = 'ready';
  client.sendCommand(command);
  client.sendCommand(command);
  expect(sentIn).toEqual(['here', undefined]);
});
