import type { Attributes, AttributeValue } from '@opentelemetry/api';

/** What is remembered of one instrument, at most: values of its attributes, each after those before it. */
const MAX_REMEMBERED = 2000;

/** The values of the attributes up to one of them, and what may follow. */
interface Step {
  readonly next: Map<AttributeValue | undefined, Step>;
  picked: Attributes | undefined;
}

/**
 * What a metric may have of given attributes: those with its keys, and no others.
 *
 * Equal values give the same object, which is frozen: who finds something by attributes may find it by that object, and it is made once.
 */
export class PickedAttributes {
  readonly #keys: readonly string[];
  readonly #first: Step = { next: new Map(), picked: undefined };
  #remembered = 0;

  constructor(keys: readonly string[]) {
    this.#keys = keys;
  }

  of(attributes: Attributes): Attributes {
    let step = this.#first;
    for (const key of this.#keys) {
      const value = attributes[key];
      const next = step.next.get(value) ?? this.#after(step, value);
      if (next === undefined) return this.#pick(attributes);
      step = next;
    }
    return (step.picked ??= Object.freeze(this.#pick(attributes)));
  }

  /** Lists are equal only to themselves, and may change. */
  #after(step: Step, value: AttributeValue | undefined): Step | undefined {
    if (typeof value === 'object' || this.#remembered >= MAX_REMEMBERED) return undefined;
    const next: Step = { next: new Map(), picked: undefined };
    step.next.set(value, next);
    this.#remembered += 1;
    return next;
  }

  #pick(attributes: Attributes): Attributes {
    const picked: Attributes = {};
    for (const key of this.#keys) {
      const value = attributes[key];
      if (value !== undefined) picked[key] = value;
    }
    return picked;
  }
}
