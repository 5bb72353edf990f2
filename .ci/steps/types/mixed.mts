// One program with both: the types that `require` gives are the same as those that `import` gives.
import type { Instrumentation } from 'handoff-otel';
import { McpInstrumentation } from 'handoff-otel/mcp';
import { HandoffError } from 'handoff-otel/services';
import { OwnError, instrumentation, telemetry } from './common.cjs';

const own: HandoffError = new OwnError('a message', { id: 1 });
const handle: Instrumentation = telemetry;
const mcp: McpInstrumentation = instrumentation;
void [own, handle, mcp];
