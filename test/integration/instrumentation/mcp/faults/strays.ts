import type { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';

type Listener = (...args: unknown[]) => void;

/**
 * Runs `work`, lets everything it has set off come to an end, and answers what escaped into the process meanwhile: an
 * exception or rejection that nobody handles ends a host.
 */
export async function escaping<T>(work: () => T): Promise<{ readonly result: Awaited<T>; readonly escaped: readonly string[] }> {
  const escaped: string[] = [];
  const note = (thrown: unknown): void => void escaped.push(describe(thrown));
  const host: EventEmitter = process;
  const restore = ['uncaughtException', 'unhandledRejection'].map((event) => {
    const others = host.rawListeners(event) as Listener[];
    host.removeAllListeners(event);
    host.on(event, note);
    return () => {
      host.off(event, note);
      for (const other of others) host.on(event, other);
    };
  });
  try {
    const result = await work();
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    return { result, escaped };
  } finally {
    for (const each of restore) each();
  }
}

/** The text of whatever was thrown. */
export function describe(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'something without a text';
  }
}
