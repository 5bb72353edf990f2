import { trace } from '@opentelemetry/api';
import { instrument } from 'handoff-otel';

const telemetry = instrument();
trace.getTracer('ending').startSpan('the last').end();

const [way] = process.argv.slice(2);
if (way === 'exit code') process.exitCode = 4;
if (way === 'process.exit') process.exit(3);
if (way === 'uncaught error')
  setTimeout(() => {
    throw new Error('boom');
  }, 10);
if (way === 'state') process.stdout.write(JSON.stringify({ state: telemetry.status().state }));
