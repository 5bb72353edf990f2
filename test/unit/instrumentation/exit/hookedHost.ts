import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import { installExitHooks } from '../../../../src/instrumentation/exit/exitHooks.js';
import type { ExitHookOptions } from '../../../../src/instrumentation/exit/exitHooks.js';
import type { HostProcess } from '../../../../src/instrumentation/exit/hostProcess.js';

/** A host process that is not one, with our hooks on it. */
export function host(options: Partial<ExitHookOptions> = {}) {
  const emitter = Object.assign(new EventEmitter(), {
    pid: 4711,
    stdin: new EventEmitter(),
    kill: vi.fn(),
    hasUncaughtExceptionCaptureCallback: (): boolean => false,
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
    exitFollowsFatal: true,
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

/** Lets what was started go on until it waits for something. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
