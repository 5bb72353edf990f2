import { VALUE_OTHER } from '../../telemetry/semconv.js';

/** Maximum number of failure types that are distinguished; a receiver cannot make us keep more. */
const MAX_FAILURE_TYPES = 20;

/** Failed items by `error.type`. */
export class FailureCounts {
  readonly #counts = new Map<string, number>();

  get byType(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  add(type: string, count: number): void {
    const key = this.#counts.has(type) || this.#counts.size < MAX_FAILURE_TYPES ? type : VALUE_OTHER;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }
}
