import { VALUE_OTHER } from '../../../telemetry/semconv.js';

const NAME = /^[A-Za-z_][\w./:-]{0,127}$/u;

/** Lets the first names through that look like names; every further one, and free text, is `_OTHER`. */
export class BoundedNames {
  readonly #known = new Set<string>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  of(name: string): string {
    if (this.#known.has(name)) return name;
    if (this.#known.size >= this.#max || !NAME.test(name)) return VALUE_OTHER;
    this.#known.add(name);
    return name;
  }
}
