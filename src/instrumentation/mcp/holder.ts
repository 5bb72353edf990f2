/** Registered globally: a bundled copy of this package, or another version, must see that MCP is already instrumented. */
const HOLDER = Symbol.for('handoff-otel.mcp');

/** The instrumentation of MCP in this process. */
export interface McpHolder {
  /** The call as the user wrote it, for instance `instrument()`. */
  readonly name: string;
}

/**
 * Returns the instrumentation that currently hooks MCP in this process. There may be only one: two would create two spans per message.
 */
export function mcpHolder(): McpHolder | undefined {
  const found: unknown = Reflect.get(globalThis, HOLDER);
  return typeof found === 'object' && found !== null && 'name' in found && typeof found.name === 'string'
    ? (found as McpHolder)
    : undefined;
}

/** Makes `holder` the current one; the returned function releases it. */
export function holdMcp(holder: McpHolder): () => void {
  // Not enumerable: programs that list their globals must not see a new one.
  Object.defineProperty(globalThis, HOLDER, { value: holder, configurable: true });
  return () => {
    if (Reflect.get(globalThis, HOLDER) === holder) Reflect.deleteProperty(globalThis, HOLDER);
  };
}
