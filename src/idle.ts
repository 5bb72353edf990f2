import { UnsupportedNodeError } from './errors/unsupportedNodeError.js';
import { createIdleHandle, unsupportedHandle } from './instrumentation/idleHandle.js';
import { IdleMcpInstrumentation } from './instrumentation/idleMcpInstrumentation.js';
import { reportUnsupportedNode } from './instrumentation/unsupportedNode.js';
import { unmetRequirement } from './instrumentation/loading/supportedNode.js';

// What `require` returns where the package's ES modules cannot be loaded: on versions of Node that are too old, and in the thread of
// Node's module hooks, which also loads what `--require` names, cannot require an ES module, and ends the process if it tries.
// This file is built as CommonJS, into one file.

/** Replaces `instrument()`: produces no telemetry and never throws. */
function instrument(): object {
  const requirement = unmetRequirement(process.versions.node);
  // There is nothing to report in the hooks thread: the program itself runs in another thread.
  return requirement === undefined ? createIdleHandle('disabled', []) : unsupportedHandle(requirement);
}

/**
 * Stand-ins for the exports of an entry point that cannot be loaded. What starts telemetry can be called; the rest throws only when it is
 * called: a program that imports what it does not use must still start.
 *
 * @param names the names of all its values
 * @throws UnsupportedNodeError from every export except `instrument` and `McpInstrumentation`
 */
export function unavailableExports(names: readonly string[]): Readonly<Record<string, unknown>> {
  const { node } = process.versions;
  // A function, not an arrow function: some exports are classes, so `new` and `instanceof` must work.
  function refuse(): never {
    throw new UnsupportedNodeError(unmetRequirement(node) ?? 'does not run in the module hooks thread', node);
  }
  return Object.fromEntries(names.map((name) => [name, idle[name] ?? refuse]));
}

/** Produces no telemetry, but can be listed among an SDK's instrumentations. */
class McpInstrumentation extends IdleMcpInstrumentation {
  constructor(config?: object) {
    super(config);
    const requirement = unmetRequirement(process.versions.node);
    if (requirement !== undefined) reportUnsupportedNode(requirement);
  }
}

const idle: Readonly<Record<string, unknown>> = { instrument, McpInstrumentation };

/** What `handoff-otel/register` does in that case. */
export function registerUnavailable(): void {
  instrument();
}
