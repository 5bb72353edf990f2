import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { host, turn } from './hookedHost.js';

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
