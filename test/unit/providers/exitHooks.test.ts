import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { installExitHooks } from '../../../src/providers/exitHooks.js';
import type { HostProcess } from '../../../src/providers/exitHooks.js';

function host() {
  const emitter = Object.assign(new EventEmitter(), { pid: 4711, stdin: new EventEmitter(), kill: vi.fn() });
  let made = 0;
  const pending: (() => void)[] = [];
  const flush = vi.fn(() => new Promise<void>((resolve) => pending.push(resolve)));
  const flushLines = vi.fn();
  const remove = installExitHooks({ host: emitter satisfies HostProcess, stdio: true, flush, flushLines, made: () => made });
  return { emitter, flush, flushLines, remove, make: () => (made += 1), finishFlush: () => pending.shift()?.() };
}

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
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
    const early = new EventEmitter();
    const own = vi.fn();
    const process = Object.assign(early, { pid: 1, stdin: new EventEmitter(), kill: vi.fn() });
    if (when === 'before') process.once(signal, own);
    const flush = vi.fn(async () => {});
    installExitHooks({ host: process, stdio: false, flush, flushLines: () => undefined, made: () => 0 });
    if (when === 'after') process.once(signal, own);
    process.emit(signal, signal);
    await new Promise((resolve) => setImmediate(resolve));
    expect(own).toHaveBeenCalledOnce();
    expect(flush).toHaveBeenCalledOnce();
    expect(process.kill).not.toHaveBeenCalled();
  });
});

describe('beforeExit', () => {
  it('flushes again only when something was made meanwhile', () => {
    const { emitter, flush, make } = host();
    emitter.emit('beforeExit');
    emitter.emit('beforeExit');
    expect(flush).toHaveBeenCalledTimes(1);
    make();
    emitter.emit('beforeExit');
    emitter.emit('beforeExit');
    expect(flush).toHaveBeenCalledTimes(2);
  });

  it('does not repeat what the end of stdin flushed', () => {
    const { emitter, flush } = host();
    emitter.stdin.emit('end');
    emitter.emit('beforeExit');
    expect(flush).toHaveBeenCalledTimes(1);
  });
});

it('removes every listener', () => {
  const { emitter, remove } = host();
  remove();
  expect([...emitter.eventNames(), ...emitter.stdin.eventNames()]).toEqual([]);
});
