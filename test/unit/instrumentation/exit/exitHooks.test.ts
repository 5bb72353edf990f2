import { describe, expect, it } from 'vitest';
import { host, turn } from './hookedHost.js';

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

  it('is the last moment to send where no exit follows it, unless the host goes on', () => {
    const ending = host({ exitFollowsFatal: false });
    ending.emitter.emit('uncaughtExceptionMonitor', new Error('e'), 'uncaughtException');
    expect(ending.flushNow).toHaveBeenCalledOnce();
    const living = host({ exitFollowsFatal: false });
    living.emitter.on('uncaughtException', () => undefined);
    living.emitter.emit('uncaughtExceptionMonitor', new Error('e'), 'uncaughtException');
    expect(living.flushNow).not.toHaveBeenCalled();
    expect(living.flush).toHaveBeenCalledOnce();
    const capturing = host({ exitFollowsFatal: false });
    capturing.emitter.hasUncaughtExceptionCaptureCallback = () => true;
    capturing.emitter.emit('uncaughtExceptionMonitor', new Error('e'), 'uncaughtException');
    expect(capturing.flushNow).not.toHaveBeenCalled();
    expect(capturing.flush).toHaveBeenCalledOnce();
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
