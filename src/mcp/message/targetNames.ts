import { isRecord } from '../shapes.js';

/** The registries an `McpServer` keeps, v1 and v2 alike; private, so read with care and never written. */
const REGISTRIES = { tool: '_registeredTools', prompt: '_registeredPrompts' } as const;
const LISTS = { tool: 'tools', prompt: 'prompts' } as const;

/** Enough for any real server; a listing made up per caller cannot grow the set for ever. */
const MAX_LISTED_NAMES = 1000;

export type TargetKind = keyof typeof REGISTRIES;

/** Names told in listings. */
export type ListedNames = Record<TargetKind, Set<string>>;

/**
 * Which tool and prompt names are the server's own. Only those may appear in span names and on metrics: a caller can
 * put any text into `params.name`.
 */
export class TargetNames {
  readonly #server: unknown;
  readonly #listed: ListedNames;

  /** `listed` collects what servers without a registry (low-level `Server`) have told their clients. */
  constructor(server: unknown, listed: ListedNames) {
    this.#server = server;
    this.#listed = listed;
  }

  has(kind: TargetKind, name: string): boolean {
    const registry = isRecord(this.#server) ? this.#server[REGISTRIES[kind]] : undefined;
    return (isRecord(registry) && Object.hasOwn(registry, name)) || this.#listed[kind].has(name);
  }

  /** All entries of the tool registry. */
  toolEntries(): readonly unknown[] {
    const registry = isRecord(this.#server) ? this.#server[REGISTRIES.tool] : undefined;
    return isRecord(registry) ? Object.values(registry) : [];
  }

  /** The registry's entry of a tool, where the SDK keeps its callback. */
  toolEntry(name: string): Record<string, unknown> | undefined {
    const registry = isRecord(this.#server) ? this.#server[REGISTRIES.tool] : undefined;
    if (!isRecord(registry) || !Object.hasOwn(registry, name)) return undefined;
    const entry = registry[name];
    return isRecord(entry) ? entry : undefined;
  }

  /** Learns names from a `tools/list` or `prompts/list` result on its way out. */
  learn(kind: TargetKind, result: unknown): void {
    if (isRecord(this.#server) && isRecord(this.#server[REGISTRIES[kind]])) return;
    const entries = isRecord(result) ? result[LISTS[kind]] : undefined;
    if (!Array.isArray(entries)) return;
    const listed = this.#listed[kind];
    for (const entry of entries as unknown[]) {
      if (listed.size >= MAX_LISTED_NAMES) return;
      if (isRecord(entry) && typeof entry['name'] === 'string') listed.add(entry['name']);
    }
  }
}
