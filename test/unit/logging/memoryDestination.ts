import type { LogDestination } from '../../../src/logging/destination.js';

/** Keeps finished lines, parsed. */
export class MemoryDestination implements LogDestination {
  readonly texts: string[] = [];

  write(line: string): void {
    this.texts.push(line);
  }

  flush(done?: () => void): void {
    done?.();
  }

  flushSync(): void {
    // Nothing is held back.
  }

  get lines(): Record<string, unknown>[] {
    return this.texts.map((text) => JSON.parse(text) as Record<string, unknown>);
  }

  get last(): Record<string, unknown> {
    const line = this.lines.at(-1);
    if (line === undefined) throw new Error('nothing was logged');
    return line;
  }
}
