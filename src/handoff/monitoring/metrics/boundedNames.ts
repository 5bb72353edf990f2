import { VALUE_OTHER } from '../../../telemetry/semconv.js';

const NAME = /^[A-Za-z_][\w./:-]{0,127}$/u;

/** Lets the first names through that look like names; every further one, free text, and what is no text is `_OTHER`. */
export class BoundedNames {
  readonly #known = new Set<string>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  of(name: unknown): string {
    if (typeof name !== 'string') return VALUE_OTHER;
    if (this.#known.has(name)) return name;
    if (this.#known.size >= this.#max || !NAME.test(name)) return VALUE_OTHER;
    this.#known.add(name);
    return name;
  }
}
