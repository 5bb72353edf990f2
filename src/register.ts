import { instrument } from './instrumentation/instrument.js';

// The one file that acts on import: `node --import handoff-otel/register server.js`. Settings come from OTEL_* and HANDOFF_*.
instrument();
