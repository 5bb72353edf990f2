// One program with both: the types that `require` gives are those that `import` gives.
import type { Instrumentation } from 'handoff-otel';
import { HandoffError } from 'handoff-otel';
import { OwnError, telemetry } from './common.cjs';

const own: HandoffError = new OwnError('a message', { id: 1 });
const handle: Instrumentation = telemetry;
void [own, handle];
