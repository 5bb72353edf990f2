import { createServer } from 'node:http';
import { isMainThread } from 'node:worker_threads';
import { metrics } from '@opentelemetry/api';
import { insideFaults } from './insideFaults.js';

// Loaded into the process of a built handoff server, as a library of its host would be: `/<name>` does wrong what `insideFaults` names.
// Every thread of the process loads it, and the main one is meant.

if (isMainThread) {
  const faults = insideFaults(metrics.getMeter('live'));
  createServer((request, response) => {
    response.end();
    faults[(request.url ?? '').slice(1)]?.();
  })
    .listen(Number(process.env['INSIDE_PORT']), '127.0.0.1')
    .unref();
}
