import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createSignalQueue } from '../../../../src/instrumentation/pipeline/signalQueue.js';
import { loadSdk } from '../../../../src/instrumentation/sdk/sdkModules.js';
import { systemClock } from '../../../../src/time/clock.js';

const sdk = loadSdk();
const resource = sdk.resources.resourceFromAttributes({});
const instrumentationScope = { name: 'test' };

/** Takes requests and answers none. */
const receiver = createServer((request) => void request.resume());
afterEach(() => {
  receiver.closeAllConnections();
  receiver.close();
});

function queueTo(url: string) {
  const encoded: string[] = [];
  const queue = createSignalQueue<{ readonly body: { text: string }; resource: typeof resource; instrumentationScope: { name: string } }>(
    {
      sdk,
      signal: 'logs',
      protocol: 'http/protobuf',
      target: { protocol: 'http/protobuf', url, headers: {}, compression: 'none', timeoutMs: 5000 },
      resource,
      clock: systemClock,
      random: () => 0,
      connectTimeoutMs: 1000,
    },
    { maxQueueSize: 10, maxBatchSize: 5, scheduleDelayMs: 60_000 },
    ({ body }) => {
      encoded.push(body.text);
      return Buffer.from(body.text);
    },
  );
  return { queue, encoded };
}

it('encodes at once what its host may go on changing', () => {
  const { queue, encoded } = queueTo('http://127.0.0.1:1/v1/logs');
  const body = { text: 'as it was' };
  queue.add({ body, resource, instrumentationScope }, true);
  body.text = 'changed';
  expect(queue.counts()).toMatchObject({ made: 1, queued: 1 });
  expect(encoded).toEqual(['as it was']);
  queue.close();
});

it('leaves an empty request to a process that ends, where all else is under way and not answered yet', async () => {
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  const { queue } = queueTo(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/v1/logs`);
  expect(queue.lastRequests()).toEqual([]);
  queue.add({ body: { text: 'sent' }, resource, instrumentationScope });
  const taken = once(receiver, 'request');
  void queue.flush();
  await taken;
  await expect.poll(() => queue.lastRequests().map(({ body }) => Buffer.from(body).toString())).toEqual(['']);
  queue.add({ body: { text: 'not yet sent' }, resource, instrumentationScope });
  expect(queue.lastRequests()).toHaveLength(1);
  queue.close();
});
