import { isRecord } from '../../../values/guards.js';
import { stringProperty } from '../shapes.js';

/** The registries of an `McpServer`, the same in v1 and v2; private, so they are read with care and never written. */
const REGISTRIES = { tool: '_registeredTools', prompt: '_registeredPrompts' } as const;
const LISTS = { tool: 'tools', prompt: 'prompts' } as const;

/** Enough for any real server; listings made up per caller cannot grow the set without bound. */
const MAX_LISTED_NAMES = 1000;
/** Longer texts are not names, and a hostile server could fill the memory with them. */
const MAX_LISTED_LENGTH = 128;

export type TargetKind = keyof typeof REGISTRIES;

/** Names that appeared in listings. */
export type ListedNames = Record<TargetKind, Set<string>>;

/**
 * Knows which tool and prompt names are the server's own. Only those may appear in span names and on metrics: a caller can
 * put any text into `params.name`.
 */
export class TargetNames {
  readonly #server: unknown;
  readonly #listed: ListedNames;

  /** `listed` collects the names that servers without a registry (low-level `Server`) have listed, or that clients have received. */
  constructor(server: unknown, listed: ListedNames) {
    this.#server = server;
    this.#listed = listed;
  }

  has(kind: TargetKind, name: string): boolean {
    const registry = this.#registry(kind);
    return registry === undefined
      ? this.#listed[kind].has(name)
      : Object.hasOwn(registry, name) || (isEmpty(registry) && this.#listed[kind].has(name));
  }

  /** Returns all entries of the tool registry. */
  toolEntries(): readonly unknown[] {
    return Object.values(this.#registry('tool') ?? {});
  }

  /** Returns the registry entry of a tool, where the SDK keeps its callback. */
  toolEntry(name: string): Record<string, unknown> | undefined {
    const registry = this.#registry('tool');
    if (registry === undefined || !Object.hasOwn(registry, name)) return undefined;
    const entry = registry[name];
    return isRecord(entry) ? entry : undefined;
  }

  /** Learns names from a `tools/list` or `prompts/list` result on its way out. */
  learn(kind: TargetKind, result: unknown): void {
    const registry = this.#registry(kind);
    if (registry !== undefined && !isEmpty(registry)) return;
    const entries = isRecord(result) ? result[LISTS[kind]] : undefined;
    if (!Array.isArray(entries)) return;
    const listed = this.#listed[kind];
    for (const entry of entries as unknown[]) {
      if (listed.size >= MAX_LISTED_NAMES) return;
      const name = stringProperty(entry, 'name');
      if (name !== undefined && name.length <= MAX_LISTED_LENGTH) listed.add(name);
    }
  }

  #registry(kind: TargetKind): Record<string, unknown> | undefined {
    const registry = isRecord(this.#server) ? this.#server[REGISTRIES[kind]] : undefined;
    return isRecord(registry) ? registry : undefined;
  }
}

/** An `McpServer` may leave its registry empty and set the handlers of its low-level server instead. */
function isEmpty(registry: Record<string, unknown>): boolean {
  return Object.keys(registry).length === 0;
}
