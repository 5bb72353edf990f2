import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { startOtlpReceiver } from '../../src/testing/otlpReceiver.js';
import type { OtlpReceiver, ReceiverBehaviour } from '../../src/testing/receiverTypes.js';

/** How a collector behaves, and what that allows. */
export interface CollectorKind {
  readonly name: string;
  readonly respond: ReceiverBehaviour;
  /** Nobody listens. */
  readonly isGone?: boolean;
  /** Takes what comes first, then cuts every connection. */
  readonly diesLater?: boolean;
  /** Takes what it is sent, so everything promised must be with it. */
  readonly takesAll: boolean;
}

export const collectors: readonly CollectorKind[] = [
  { name: 'up', respond: 'ok', takesAll: true },
  { name: 'slow', respond: { slowMs: 300 }, takesAll: true },
  { name: 'hanging', respond: 'hang', takesAll: false },
  { name: 'refusing', respond: { refuseStatus: 503 }, takesAll: false },
  { name: 'not there', respond: 'ok', isGone: true, takesAll: false },
  { name: 'dying', respond: 'ok', diesLater: true, takesAll: false },
];

export interface Collector extends AsyncDisposable {
  readonly receiver: OtlpReceiver;
  readonly url: string;
}

export async function startCollector({ respond, isGone }: CollectorKind): Promise<Collector> {
  const receiver = await startOtlpReceiver({ respond });
  const url = isGone === true ? await closedPort() : receiver.url;
  return { receiver, url, [Symbol.asyncDispose]: () => receiver.close() };
}

async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
