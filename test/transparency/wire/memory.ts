import { InMemoryTransport as InMemoryV1 } from '@modelcontextprotocol/sdk/inMemory.js';
import { InMemoryTransport as InMemoryV2 } from '@modelcontextprotocol/server';
import type { Recording, Side } from './recording.js';

interface Ends<Transport> {
  readonly client: Transport;
  readonly server: Transport;
}

interface Relayed<Message> {
  onmessage?: ((message: Message, extra?: never) => void) | undefined;
  onclose?: (() => void) | undefined;
  start(): Promise<void>;
  close(): Promise<void>;
  send(message: Message): Promise<void>;
}

/** Two linked pairs with a listener between them: what is instrumented are the outer ends, what is recorded is between. */
async function relay<Message>(recording: Recording, near: Relayed<Message>, far: Relayed<Message>): Promise<void> {
  // Either end's going closes the other once; a transport closed again says so again.
  let isOpen = true;
  const join = (from: Side, source: Relayed<Message>, target: Relayed<Message>): void => {
    source.onmessage = (message) => {
      recording.message(from, JSON.stringify(message));
      void target.send(message).catch(() => undefined);
    };
    source.onclose = () => {
      if (isOpen) void target.close();
      isOpen = false;
    };
  };
  join('client', near, far);
  join('server', far, near);
  await Promise.all([near.start(), far.start()]);
}

export async function memoryV1(recording: Recording): Promise<Ends<InMemoryV1>> {
  const [client, near] = InMemoryV1.createLinkedPair();
  const [far, server] = InMemoryV1.createLinkedPair();
  await relay(recording, near as Relayed<never>, far as Relayed<never>);
  return { client, server };
}

export async function memoryV2(recording: Recording): Promise<Ends<InMemoryV2>> {
  const [client, near] = InMemoryV2.createLinkedPair();
  const [far, server] = InMemoryV2.createLinkedPair();
  await relay(recording, near as Relayed<never>, far as Relayed<never>);
  return { client, server };
}
