import type { Operation } from '../emission/operation.js';
import { ABANDONED, CANCELLED, CONNECTION_CLOSED, TIMED_OUT } from '../message/outcome.js';
import type { Outcome } from '../message/outcome.js';
import type { RequestId } from '../shapes.js';

/** How many messages may be open in one direction of a connection before the oldest is abandoned; only unanswered ones get that old. */
const MAX_OPEN_OPERATIONS = 10_000;

/** The requests of one direction that have no response yet, and the notifications that are still being handled or sent. */
export class OpenOperations {
  /** Keyed by request id; a second open request with the same id has a symbol, so that neither ends the other. */
  readonly #open = new Map<RequestId | symbol, Operation>();

  /** Whether an id was ever used twice at once; only then can a response's id mislead. */
  hadDuplicates = false;

  get size(): number {
    return this.#open.size;
  }

  add(operation: Operation): void {
    if (this.#open.size >= MAX_OPEN_OPERATIONS) {
      const [oldest] = this.#open.values();
      if (oldest !== undefined) this.end(oldest, ABANDONED);
    }
    let key = operation.parts.id ?? Symbol('notification');
    if (this.#open.has(key)) {
      key = Symbol('duplicate id');
      this.hadDuplicates = true;
    }
    operation.key = key;
    operation.home = this;
    this.#open.set(key, operation);
  }

  /** Called by an operation when it ends. */
  forget({ key }: Operation): void {
    if (key !== undefined) this.#open.delete(key);
  }

  get(id: RequestId): Operation | undefined {
    return this.#open.get(id);
  }

  has(operation: Operation): boolean {
    return operation.key !== undefined && this.#open.get(operation.key) === operation;
  }

  end(operation: Operation, outcome: Outcome): void {
    operation.end(outcome);
  }

  /** Ends everything, because the connection is gone: responses being sent count, the rest was cut off. */
  endAll(): void {
    const operations = [...this.#open.values()];
    this.#open.clear();
    for (const operation of operations) {
      try {
        operation.end(operation.answer ?? outcomeOfClose(operation));
      } catch {
        // The others must still end.
      }
    }
  }
}

function outcomeOfClose(operation: Operation): Outcome {
  if (operation.aborted) return CANCELLED;
  // Some requests, `initialize` among them, are abandoned without any message on the wire.
  return operation.isOverdue ? TIMED_OUT : CONNECTION_CLOSED;
}
