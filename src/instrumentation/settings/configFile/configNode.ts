import { isMapping } from '../../../values/guards.js';
import type { Refuse } from '../../../variables/variable.js';
import type { Notify } from '../env.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * One object of a configuration file, and its path in the file. Properties that were never read can be reported afterwards: new
 * properties of the format, or those of other SDKs, must not be ignored silently.
 *
 * Notices name paths and never values, which may be secrets.
 */
export class ConfigNode {
  readonly path: string;
  readonly #fields: Fields;
  readonly #notify: Notify;
  readonly #asked = new Set<string>();
  readonly #children: ConfigNode[] = [];

  /** @param value anything that is not an object counts as an empty one, such as `console:` with nothing after it */
  constructor(value: unknown, path: string, notify: Notify) {
    this.path = path;
    this.#fields = isMapping(value) ? value : {};
    this.#notify = notify;
  }

  /** The object at `key`; `undefined` when it is absent or null. */
  child(key: string): ConfigNode | undefined {
    const value = this.#take(key);
    return isMapping(value) ? this.#childOf(value, key) : undefined;
  }

  /** The objects of the list at `key`. */
  list(key: string): readonly ConfigNode[] {
    const value = this.#take(key);
    return Array.isArray(value) ? value.map((item, index) => this.#childOf(item, `${key}[${index}]`)) : [];
  }

  /** For an object whose only key says which of several things it is: `{ always_on: }`, `{ batch: {…} }`. */
  choice(): readonly [name: string, content: ConfigNode] {
    const [name = ''] = Object.keys(this.#fields);
    return [name, this.#childOf(this.#take(name), name)];
  }

  text(key: string): string | undefined {
    const value = this.#take(key);
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  texts(key: string): readonly string[] | undefined {
    const value = this.#take(key);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;
  }

  numbers(key: string): readonly number[] | undefined {
    const value = this.#take(key);
    return Array.isArray(value) ? value.filter((item) => typeof item === 'number') : undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.#take(key);
    return typeof value === 'boolean' ? value : undefined;
  }

  number(key: string): number | undefined {
    const value = this.#take(key);
    return typeof value === 'number' ? value : undefined;
  }

  /** Reports a number that is out of range, and leaves it out. */
  integer(key: string, { min, max }: { readonly min: number; readonly max: number }): number | undefined {
    const value = this.number(key);
    if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return value;
    this.notify(key, `must be a whole number from ${min} to ${max}; the default is used`);
    return undefined;
  }

  /** The unchecked value, for values of several types. */
  raw(key: string): unknown {
    return this.#take(key);
  }

  /** Notifies the user of something at `key`; `what` continues the sentence that the path begins. */
  notify(key: string, what: string): void {
    this.#asked.add(key);
    this.#notify(`${join(this.path, key)} ${what}.`);
  }

  /** Reports parts of the list at `key` that cannot be used. */
  refusal(key: string): Refuse {
    return (part) => {
      if (part !== undefined)
        this.#notify(`${join(this.path, key)}: ${part.given} must be ${part.allowed}. ${part.outcome ?? 'It is ignored.'}`);
      return undefined;
    };
  }

  /** Reports every property, here and below, that was never read. */
  reportUnasked(): void {
    for (const [key, value] of Object.entries(this.#fields)) {
      if (!this.#asked.has(key) && value !== null) this.#notify(`${join(this.path, key)} is not supported and is ignored.`);
    }
    for (const child of this.#children) child.reportUnasked();
  }

  #take(key: string): unknown {
    this.#asked.add(key);
    return this.#fields[key] ?? undefined;
  }

  #childOf(value: unknown, key: string): ConfigNode {
    const child = new ConfigNode(value, join(this.path, key), this.#notify);
    this.#children.push(child);
    return child;
  }
}

/** `OTEL_CONFIG_FILE: tracer_provider.processors[0]` */
function join(path: string, key: string): string {
  return path.endsWith(': ') ? `${path}${key}` : `${path}.${key}`;
}
