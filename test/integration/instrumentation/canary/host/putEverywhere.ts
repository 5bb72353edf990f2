import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { tell } from './host.js';
import type { Libraries } from './host.js';
import { putIntoLogs } from './logPlaces.js';
import { putIntoMcp } from './mcpPlaces.js';
import { putIntoProcess } from './processPlaces.js';
import { putIntoRedis } from './redisPlaces.js';
import { putIntoSpans } from './spanPlaces.js';
import { putIntoSql } from './sqlPlaces.js';

/** A host with a secret in every place a user of ours can reach, inside a span as work usually is. Ends with what it can be asked for. */
export async function putEverywhere(libraries: Libraries): Promise<void> {
  const { handle } = libraries;
  await handle.tracer.startActiveSpan('canary parent', async (span) => {
    await putIntoProcess(libraries);
    await putIntoSql(libraries, given('CANARY_DATABASE'));
    await putIntoRedis(libraries, given('CANARY_REDIS'));
    await putIntoLogs(libraries, given('CANARY_LOG'));
    await putIntoSpans(libraries);
    await putIntoMcp(libraries);
    span.end();
  });
  await tellScrapes(handle);
  await handle.flush();
  tell({
    kind: 'exhibit',
    where: 'status()',
    text: `${inspect(handle.status(), { depth: 12, maxArrayLength: null })}\n${JSON.stringify(handle.status())}`,
  });
  await handle.shutdown();
}

/** What a Prometheus server would be told, in each format it may ask for. */
async function tellScrapes(handle: Libraries['handle']): Promise<void> {
  const server = createServer(handle.metricsHandler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  for (const [where, accept] of [
    ['Prometheus text', 'text/plain'],
    ['OpenMetrics', 'application/openmetrics-text; version=1.0.0'],
  ] as const) {
    const response = await fetch(url, { headers: { accept } });
    tell({ kind: 'exhibit', where, text: JSON.stringify([...response.headers]) + (await response.text()) });
  }
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}

function given(name: string): string {
  return process.env[name] ?? '';
}
