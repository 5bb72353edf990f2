/** Returns what it is given in place of a new object, so that the private fields of a subclass are added to that. */
class Given {
  constructor(target: object) {
    return target;
  }
}

interface Mark<Value> {
  read(target: object): Value | undefined;
  write(target: object, value: Value | undefined): void;
}

/** Each call has a private name of its own. Code that lists, copies, compares or prints the target never sees it. */
function createMark<Value>(): Mark<Value> {
  class Marked extends Given {
    #value: Value | undefined;

    constructor(target: object, value: Value | undefined) {
      super(target);
      this.#value = value;
    }

    static read(target: object): Value | undefined {
      return #value in target ? target.#value : undefined;
    }

    static write(target: object, value: Value | undefined): void {
      if (#value in target) target.#value = value;
      else new Marked(target, value);
    }
  }
  return Marked;
}

/**
 * A weak map that keeps its values on the keys themselves, in a private field. Servers created per request are marked several
 * times each, and entries of a real weak map are costly for the garbage collector when their keys live for a millisecond.
 */
export class Marks<Key extends object, Value> extends WeakMap<Key, Value> {
  readonly #mark = createMark<Value>();
  /** Whether any key refused the field, as frozen ones may. */
  #hasRefused = false;

  override get(key: Key): Value | undefined {
    return this.#mark.read(key) ?? (this.#hasRefused ? super.get(key) : undefined);
  }

  override has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  override set(key: Key, value: Value): this {
    try {
      this.#mark.write(key, value);
    } catch {
      this.#hasRefused = true;
      super.set(key, value);
    }
    return this;
  }

  override delete(key: Key): boolean {
    const had = this.has(key);
    if (had && this.#mark.read(key) !== undefined) this.#mark.write(key, undefined);
    if (this.#hasRefused) super.delete(key);
    return had;
  }
}
