/** Registered globally: a bundled copy of this package, or another version, must see that MCP is instrumented already. */
const HOLDER = Symbol.for('handoff-otel.mcp');

/** What instruments MCP in this process. */
export interface McpHolder {
  /** As the user wrote it, for instance `instrument()`. */
  readonly name: string;
}

/**
 * The instrumentation that hooks MCP in this process at present. There may be only one: two of them would make two spans of every message.
 */
export function mcpHolder(): McpHolder | undefined {
  const found: unknown = Reflect.get(globalThis, HOLDER);
  return typeof found === 'object' && found !== null && 'name' in found && typeof found.name === 'string'
    ? (found as McpHolder)
    : undefined;
}

/** Makes `holder` the one; what is returned lets go of that. */
export function holdMcp(holder: McpHolder): () => void {
  // Not enumerable: programs that list their globals must not see more than before.
  Object.defineProperty(globalThis, HOLDER, { value: holder, configurable: true });
  return () => {
    if (Reflect.get(globalThis, HOLDER) === holder) Reflect.deleteProperty(globalThis, HOLDER);
  };
}
