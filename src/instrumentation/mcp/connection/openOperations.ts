import type { Operation } from '../emission/operation.js';
import { ABANDONED, CANCELLED, CONNECTION_CLOSED, TIMED_OUT } from '../message/outcome.js';
import type { Outcome } from '../message/outcome.js';
import type { RequestId } from '../shapes.js';

/** How many messages may be open in one direction of a connection before the oldest is abandoned; only unanswered ones get that old. */
const MAX_OPEN_OPERATIONS = 10_000;

/** The requests of one direction that have no response yet, and the notifications that are still being handled or sent. */
export class OpenOperations {
  /**
   * The one that began when nothing else was open. Most connections have one at a time, and a map that is filled and emptied for each
   * is allocated anew each time. Whatever is in the map began later.
   */
  #first: Operation | undefined;
  /** Keyed by request id; a second open request with the same id has a symbol, so that neither ends the other. */
  #others: Map<RequestId | symbol, Operation> | undefined;

  /** Whether an id was ever used twice at once; only then can a response's id mislead. */
  hadDuplicates = false;

  get size(): number {
    return (this.#first === undefined ? 0 : 1) + (this.#others?.size ?? 0);
  }

  add(operation: Operation): void {
    if (this.size >= MAX_OPEN_OPERATIONS) {
      const [oldest = this.#first] = this.#first === undefined ? (this.#others?.values() ?? []) : [];
      if (oldest !== undefined) this.end(oldest, ABANDONED);
    }
    let key = operation.parts.id ?? Symbol('notification');
    if (this.#at(key) !== undefined) {
      key = Symbol('duplicate id');
      this.hadDuplicates = true;
    }
    operation.key = key;
    operation.home = this;
    if (this.size === 0) this.#first = operation;
    else (this.#others ??= new Map()).set(key, operation);
  }

  /** Called by an operation when it ends. */
  forget(operation: Operation): void {
    if (operation === this.#first) this.#first = undefined;
    else if (operation.key !== undefined) this.#others?.delete(operation.key);
  }

  get(id: RequestId): Operation | undefined {
    return this.#at(id);
  }

  has(operation: Operation): boolean {
    return operation.key !== undefined && this.#at(operation.key) === operation;
  }

  end(operation: Operation, outcome: Outcome): void {
    operation.end(outcome);
  }

  /** Ends everything, because the connection is gone: responses being sent count, the rest was cut off. */
  endAll(): void {
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined) endClosed(first);
    if (this.#others === undefined) return;
    const others = [...this.#others.values()];
    this.#others.clear();
    for (const operation of others) endClosed(operation);
  }

  #at(key: RequestId | symbol): Operation | undefined {
    return this.#first?.key === key ? this.#first : this.#others?.get(key);
  }
}

function endClosed(operation: Operation): void {
  try {
    operation.end(operation.answer ?? outcomeOfClose(operation));
  } catch {
    // The others must still end.
  }
}

function outcomeOfClose(operation: Operation): Outcome {
  if (operation.aborted) return CANCELLED;
  // Some requests, `initialize` among them, are abandoned without any message on the wire.
  return operation.isOverdue ? TIMED_OUT : CONNECTION_CLOSED;
}
