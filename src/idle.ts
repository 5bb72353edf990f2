import { UnsupportedNodeError } from './errors/unsupportedNodeError.js';
import { createIdleHandle, unsupportedHandle } from './instrumentation/idleHandle.js';
import { IdleMcpInstrumentation } from './instrumentation/idleMcpInstrumentation.js';
import { reportUnsupportedNode } from './instrumentation/unsupportedNode.js';
import { unmetRequirement } from './instrumentation/loading/supportedNode.js';

// What `require` of the package gives where its ES modules cannot be had: on versions of Node that are too old, and in the thread of
// Node's module hooks, which loads what `--require` names as well, cannot require an ES module, and ends the process for it.
// Built as CommonJS, into one file.

/** Takes the place of `instrument()`: makes no telemetry, throws nothing. */
function instrument(): object {
  const requirement = unmetRequirement(process.versions.node);
  // In the thread of the hooks there is nothing to say: the program itself is another thread's.
  return requirement === undefined ? createIdleHandle('disabled', []) : unsupportedHandle(requirement);
}

/**
 * The exports of an entry point that cannot be had. What starts telemetry can be called; the rest throws when it is, not before: a program
 * that names what it does not use must still start.
 *
 * @param names of all its values
 * @throws UnsupportedNodeError by everything but `instrument` and `McpInstrumentation`
 */
export function exportsInVain(names: readonly string[]): Readonly<Record<string, unknown>> {
  const { node } = process.versions;
  // A function, not an arrow: classes are among them, and `new` and `instanceof` must find one.
  function refuse(): never {
    throw new UnsupportedNodeError(unmetRequirement(node) ?? 'does not run in the thread of module hooks', node);
  }
  return Object.fromEntries(names.map((name) => [name, idle[name] ?? refuse]));
}

/** Makes no telemetry, and fits into the list of instrumentations of an SDK. */
class McpInstrumentation extends IdleMcpInstrumentation {
  constructor(config?: object) {
    super(config);
    const requirement = unmetRequirement(process.versions.node);
    if (requirement !== undefined) reportUnsupportedNode(requirement);
  }
}

const idle: Readonly<Record<string, unknown>> = { instrument, McpInstrumentation };

/** What `handoff-otel/register` does then. */
export function registerInVain(): void {
  instrument();
}
