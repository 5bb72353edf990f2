import { UnsupportedNodeError } from './errors/unsupportedNodeError.js';
import { createIdleHandle, unsupportedHandle } from './instrumentation/idleHandle.js';
import { IdleMcpInstrumentation } from './instrumentation/idleMcpInstrumentation.js';
import { reportUnsupportedNode } from './instrumentation/unsupportedNode.js';
import { unmetRequirement } from './instrumentation/loading/supportedNode.js';

// What `require` returns where the package's ES modules cannot be loaded: on versions of Node that are too old; where `require` of ES
// modules is refused; and in the thread of Node's module hooks, which also loads what `--require` names, cannot require an ES module,
// and ends the process if it tries. This file is built as CommonJS, into one file.

const REFUSED =
  'is made of ES modules, and this process refuses to require() them (under Jest, start Node with --experimental-vm-modules; otherwise ' +
  'without --no-experimental-require-module)';

let isRefused = false;

/** Returns what keeps the package from running; nothing in the hooks thread, as the program itself runs in another one. */
function obstacle(): string | undefined {
  return unmetRequirement(process.versions.node) ?? (isRefused ? REFUSED : undefined);
}

/** Replaces `instrument()`: produces no telemetry and never throws. */
function instrument(): object {
  const requirement = obstacle();
  return requirement === undefined ? createIdleHandle('disabled', []) : unsupportedHandle(requirement);
}

/**
 * Stand-ins for the exports of an entry point that cannot be loaded. What starts telemetry can be called; the rest throws only when it is
 * called: a program that imports what it does not use must still start.
 *
 * @param names the names of all its values
 * @param refused whether `require` of ES modules was refused
 * @throws UnsupportedNodeError from every export except `instrument` and `McpInstrumentation`
 */
export function unavailableExports(names: readonly string[], refused = false): Readonly<Record<string, unknown>> {
  isRefused ||= refused;
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
    const requirement = obstacle();
    if (requirement !== undefined) reportUnsupportedNode(requirement);
  }
}

const idle: Readonly<Record<string, unknown>> = { instrument, McpInstrumentation };

/** What `handoff-otel/register` does in that case. */
export function registerUnavailable(refused = false): void {
  isRefused ||= refused;
  instrument();
}
