// Runs under `--import @opentelemetry/auto-instrumentations-node/register`, which has already registered its providers and
// flushes on SIGTERM.
import { McpInstrumentation } from 'handoff-otel/mcp';
import { call } from './call.mjs';

new McpInstrumentation();
await call();
process.kill(process.pid, 'SIGTERM');
