import { AsyncLocalStorage } from 'node:async_hooks';

// Not OpenTelemetry's context: without an SDK that keeps nothing, and the log is to say the same whether telemetry is on or off.
const tools = new AsyncLocalStorage<string>();

/** Runs the work of one tool call; the log records of its operations name the tool. */
export function inTool<T>(name: string, work: () => T): T {
  return tools.run(name, work);
}

/** The tool whose call is under way here. */
export function currentTool(): string | undefined {
  return tools.getStore();
}
