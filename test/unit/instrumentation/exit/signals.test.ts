import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
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

describe('listeners of signal-exit, which leave the end of the process to any other listener', () => {
  const GLOBAL = Symbol.for('signal-exit emitter');
  const VERSIONS = [3, 4] as const;

  afterEach(() => {
    Reflect.deleteProperty(globalThis, GLOBAL);
  });

  /** Counts and listens as each version of the package does when it is loaded. */
  function load(emitter: EventEmitter, versions: readonly (3 | 4)[]): void {
    for (const version of versions) {
      const counted = { value: { count: 1 }, configurable: true };
      if (version === 3) Reflect.defineProperty(emitter, '__signal_exit_emitter__', counted);
      else Reflect.defineProperty(globalThis, GLOBAL, counted);
      emitter.on('SIGTERM', () => undefined);
    }
  }

  it.each([[[3]], [[4]], [VERSIONS]] as const)('get the signal again, without us: %j', async (versions) => {
    const { emitter, flush, finishFlush } = host();
    load(emitter, versions);
    emitter.emit('SIGTERM');
    expect(flush).toHaveBeenCalledOnce();
    finishFlush();
    await expect.poll(() => emitter.kill.mock.calls).toEqual([[4711, 'SIGTERM']]);
    expect(emitter.listenerCount('SIGTERM')).toBe(versions.length);
  });

  it('do not hide a listener of the host', async () => {
    const { emitter, finishFlush } = host();
    load(emitter, VERSIONS);
    emitter.on('SIGTERM', () => undefined);
    emitter.emit('SIGTERM');
    finishFlush();
    await turn();
    expect(emitter.kill).not.toHaveBeenCalled();
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

  it.each([
    ['telemetry has been shut down meanwhile', 0],
    ['the host listens meanwhile', 1],
  ])('is not listened for again where %s', async (_what, listeners) => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { emitter, finishFlush, remove } = host();
    emitter.emit('SIGTERM');
    finishFlush();
    await turn();
    if (listeners === 0) remove();
    else emitter.on('SIGTERM', () => undefined);
    vi.advanceTimersByTime(1000);
    vi.useRealTimers();
    expect(emitter.listenerCount('SIGTERM')).toBe(listeners);
  });
});
