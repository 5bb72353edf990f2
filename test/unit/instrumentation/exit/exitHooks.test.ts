import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { installExitHooks } from '../../../../src/instrumentation/exit/exitHooks.js';
import type { ExitHookOptions } from '../../../../src/instrumentation/exit/exitHooks.js';
import type { HostProcess } from '../../../../src/instrumentation/exit/hostProcess.js';

function host(options: Partial<ExitHookOptions> = {}) {
  const emitter = Object.assign(new EventEmitter(), {
    pid: 4711,
    stdin: new EventEmitter(),
    kill: vi.fn(),
    hasUncaughtExceptionCaptureCallback: () => false,
  });
  let made = 0;
  const pending: ((finished: boolean) => void)[] = [];
  const flush = vi.fn(() => new Promise<boolean>((resolve) => pending.push(resolve)));
  const flushNow = vi.fn();
  const flushLines = vi.fn();
  const emit = vi.fn();
  const logger = { emit, enabled: () => true };
  const hooks = installExitHooks({
    host: emitter satisfies HostProcess,
    stdio: true,
    flush,
    flushNow,
    flushOnProcessExit: false,
    flushLines,
    made: () => made,
    logger,
    captureErrorMessages: false,
    ...options,
  });
  return {
    ...hooks,
    emitter,
    flush,
    flushNow,
    flushLines,
    emit,
    make: () => void (made += 1),
    count: () => made,
    finishFlush: (finished = true) => pending.shift()?.(finished),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s', (signal) => {
  it('is raised again after the flush, with our listener gone', async () => {
    const { emitter, flush, flushLines, finishFlush } = host();
    emitter.emit(signal, signal);
    expect(flush).toHaveBeenCalledOnce();
    expect(emitter.kill).not.toHaveBeenCalled();
    finishFlush();
    await expect.poll(() => emitter.kill.mock.calls).toEqual([[4711, signal]]);
    expect(flushLines).toHaveBeenCalledBefore(emitter.kill);
    expect(emitter.listenerCount(signal)).toBe(0);
  });

  it('a second time ends the process at once', () => {
    const { emitter, flushLines } = host();
    emitter.emit(signal, signal);
    emitter.emit(signal, signal);
    expect(flushLines).toHaveBeenCalledOnce();
    expect(emitter.kill).toHaveBeenCalledExactlyOnceWith(4711, signal);
  });

  it.each(['before', 'after'])('is left to a host that listens, even once, registered %s us', async (when) => {
    const own = vi.fn();
    const process = Object.assign(new EventEmitter(), {
      pid: 1,
      stdin: new EventEmitter(),
      kill: vi.fn(),
      hasUncaughtExceptionCaptureCallback: () => false,
    });
    if (when === 'before') process.once(signal, own);
    const { flush } = host({ host: process });
    if (when === 'after') process.once(signal, own);
    process.emit(signal, signal);
    await turn();
    expect(own).toHaveBeenCalledOnce();
    expect(flush).toHaveBeenCalledOnce();
    expect(process.kill).not.toHaveBeenCalled();
  });
});

describe('a signal that does not end the process, as with the first one of a container', () => {
  it('is listened for again, and flushes again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { emitter, flush, finishFlush } = host();
    emitter.emit('SIGTERM');
    finishFlush();
    await turn();
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    emitter.emit('SIGTERM');
    expect(flush).toHaveBeenCalledTimes(2);
  });
});

describe('beforeExit', () => {
  const event = async ({ emitter, finishFlush }: ReturnType<typeof host>, finished = true): Promise<void> => {
    emitter.emit('beforeExit');
    await turn();
    finishFlush(finished);
    await turn();
  };

  it('flushes again only when something was made meanwhile', async () => {
    const hooked = host();
    await event(hooked);
    await event(hooked);
    expect(hooked.flush).toHaveBeenCalledTimes(1);
    hooked.make();
    await event(hooked);
    await event(hooked);
    expect(hooked.flush).toHaveBeenCalledTimes(2);
  });

  it('flushes what the listeners of the host make, and later what they make again goes out at exit', async () => {
    const hooked = host();
    const { emitter, flush, flushNow, make } = hooked;
    emitter.on('beforeExit', () => {
      make();
      void Promise.resolve().then(make);
    });
    flush.mockImplementationOnce(async () => {
      expect(hooked.count()).toBe(2);
      return true;
    });
    await event(hooked);
    await event(hooked);
    expect(flush).toHaveBeenCalledOnce();
    expect(flushNow).not.toHaveBeenCalled();
    emitter.emit('exit', 0);
    expect(flushNow).toHaveBeenCalledOnce();
  });

  it('does not hold up an exit for a collector that has just let a flush run into its bound', async () => {
    const hooked = host();
    hooked.emitter.on('beforeExit', hooked.make);
    await event(hooked, false);
    await event(hooked);
    hooked.emitter.emit('exit', 0);
    expect(hooked.flushNow).not.toHaveBeenCalled();
  });

  it('leaves what was made to the exit when a listener of the host calls process.exit()', () => {
    const { emitter, flush, flushNow, make } = host();
    make();
    emitter.on('beforeExit', () => emitter.emit('exit', 0));
    emitter.emit('beforeExit');
    expect(flush).not.toHaveBeenCalled();
    expect(flushNow).toHaveBeenCalledOnce();
  });

  it('does the same when a listener calls process.exit() later, during the flush or after it', async () => {
    const hooked = host();
    hooked.emitter.emit('beforeExit');
    await turn();
    hooked.emitter.emit('exit', 0);
    expect(hooked.flushNow).toHaveBeenCalledOnce();
    hooked.finishFlush();
    await turn();
    hooked.emitter.emit('exit', 0);
    expect(hooked.flushNow).toHaveBeenCalledOnce();
    hooked.make();
    hooked.emitter.emit('exit', 0);
    expect(hooked.flushNow).toHaveBeenCalledTimes(2);
  });

  it('puts the end off a few times only, whatever is made after each flush', async () => {
    const hooked = host();
    for (let count = 0; count < 20; count += 1) {
      await event(hooked);
      hooked.make();
    }
    expect(hooked.flush).toHaveBeenCalledTimes(3);
    hooked.emitter.emit('exit', 0);
    expect(hooked.flushNow).toHaveBeenCalledOnce();
  });

  it('does not repeat what the end of stdin or of the conversation flushed', async () => {
    const { emitter, flush, conversationEnded } = host();
    emitter.stdin.emit('end');
    conversationEnded();
    emitter.emit('beforeExit');
    await turn();
    expect(flush).toHaveBeenCalledTimes(1);
  });
});

describe('exit', () => {
  it('is held up only when that was asked for', () => {
    const silent = host();
    silent.emitter.emit('exit', 0);
    expect(silent.flushNow).not.toHaveBeenCalled();
    const { emitter, flushNow } = host({ flushOnProcessExit: true });
    emitter.emit('exit', 0);
    expect(flushNow).toHaveBeenCalledOnce();
  });

  it('is not held up when a flush has done what could be done', async () => {
    const { emitter, flushNow, finishFlush, make } = host({ flushOnProcessExit: true });
    emitter.emit('beforeExit');
    await turn();
    finishFlush();
    await turn();
    emitter.emit('exit', 0);
    expect(flushNow).not.toHaveBeenCalled();
    make();
    emitter.emit('exit', 0);
    expect(flushNow).toHaveBeenCalledOnce();
  });
});

describe('an error nobody caught', () => {
  it('becomes a record without its message, and what is left is sent when the process exits', () => {
    const { emitter, emit, flush, flushNow } = host();
    emitter.emit('uncaughtExceptionMonitor', new TypeError('secret'), 'unhandledRejection');
    expect(emit).toHaveBeenCalledOnce();
    expect(emit.mock.calls[0]).toMatchObject([
      {
        severityNumber: 21,
        severityText: 'FATAL',
        body: 'unhandled rejection',
        attributes: { 'exception.type': 'TypeError', 'error.type': 'TypeError' },
      },
    ]);
    expect(JSON.stringify(emit.mock.calls)).not.toContain('secret');
    expect(flush).not.toHaveBeenCalled();
    emitter.emit('exit', 1);
    expect(flushNow).toHaveBeenCalledOnce();
  });

  it('keeps its message when that is asked for, bounded', () => {
    const { emitter, emit } = host({ captureErrorMessages: true });
    emitter.emit('uncaughtExceptionMonitor', new Error('x'.repeat(10_000)), 'uncaughtException');
    expect(emit.mock.calls[0]).toMatchObject([{ body: 'uncaught exception', attributes: { 'exception.message': 'x'.repeat(4096) } }]);
  });

  it('that the host handles is flushed without holding anything up, and an exit meanwhile still sends the rest', async () => {
    const { emitter, flush, flushNow, finishFlush, make } = host();
    emitter.on('uncaughtException', () => undefined);
    emitter.emit('uncaughtExceptionMonitor', new Error('e'), 'uncaughtException');
    expect(flush).toHaveBeenCalledOnce();
    emitter.emit('exit', 1);
    expect(flushNow).toHaveBeenCalledOnce();
    finishFlush();
    await turn();
    make();
    emitter.emit('exit', 1);
    expect(flushNow).toHaveBeenCalledOnce();
  });

  it.each([
    ['nothing'],
    [undefined],
    [Object.create(null)],
    [
      {
        get stack(): string {
          throw new Error('hostile');
        },
      },
    ],
  ])('may be any value', (thrown: unknown) => {
    const { emitter, emit } = host();
    emitter.emit('uncaughtExceptionMonitor', thrown, 'uncaughtException');
    expect(emit.mock.calls[0]).toMatchObject([{ attributes: { 'exception.type': 'Error', 'error.type': '_OTHER' } }]);
  });
});

it('removes every listener, those of the very end last', () => {
  const { emitter, remove, finish } = host();
  remove();
  expect([...emitter.eventNames(), ...emitter.stdin.eventNames()]).toEqual(['exit', 'uncaughtExceptionMonitor']);
  finish();
  expect(emitter.eventNames()).toEqual([]);
});
