import { StdioServerTransport as StdioV1 } from '@modelcontextprotocol/sdk/server/stdio.js';
import { StdioServerTransport as StdioV2, serveStdio } from '@modelcontextprotocol/server/stdio';
import { clientV1 } from './clientV1.js';
import { clientV2 } from './clientV2.js';
import type { Era } from './fixtureClient.js';
import { memoryV1, memoryV2 } from './memory.js';
import { pipes } from './pipes.js';
import { pushFrom } from './rig.js';
import type { BuildRig } from './rig.js';
import { serverV1 } from './serverV1.js';
import { serverV2 } from './serverV2.js';

const ready = (): Promise<void> => Promise.resolve();

export const inMemoryV1: BuildRig = async (recording, instruments, stage) => {
  const ends = await memoryV1(recording);
  const server = instruments.server(serverV1(recording, stage));
  await server.connect(ends.server);
  const client = clientV1(recording, ends.client);
  instruments.client(client.client);
  return { era: 'legacy', client, stage, lasting: true, ready, push: () => pushFrom(server), stop: () => server.close() };
};

export const inMemoryV2: BuildRig = async (recording, instruments, stage) => {
  const ends = await memoryV2(recording);
  const server = instruments.server(serverV2(recording, stage));
  await server.connect(ends.server);
  const client = clientV2(recording, ends.client, 'legacy');
  instruments.client(client.client);
  return { era: 'legacy', client, stage, lasting: true, ready, push: () => pushFrom(server), stop: () => server.close() };
};

/** An old client and a new server. */
export const inMemoryMixed: BuildRig = async (recording, instruments, stage) => {
  const ends = await memoryV2(recording);
  const server = instruments.server(serverV2(recording, stage));
  await server.connect(ends.server);
  const client = clientV1(recording, ends.client);
  // Named already instrumented parts a second time, and the low-level server: nothing may happen twice.
  instruments.client(instruments.client(client.client));
  instruments.server(server.server);
  return { era: 'legacy', client, stage, lasting: true, ready, push: () => pushFrom(server), stop: () => server.close() };
};

export const stdioV1: BuildRig = async (recording, instruments, stage) => {
  const ends = pipes(recording);
  const server = instruments.server(serverV1(recording, stage));
  await server.connect(new StdioV1(ends.serverReads, ends.serverWrites));
  const client = clientV1(recording, new StdioV1(ends.clientReads, ends.clientWrites));
  instruments.client(client.client);
  return {
    era: 'legacy',
    client,
    stage,
    lasting: true,
    ready,
    inject: (line) => ends.clientWrites.write(`${line}\n`),
    push: () => pushFrom(server),
    stop: () => server.close(),
  };
};

export const stdioV2: BuildRig = async (recording, instruments, stage) => {
  const ends = pipes(recording);
  const server = instruments.server(serverV2(recording, stage));
  await server.connect(new StdioV2(ends.serverReads, ends.serverWrites));
  const client = clientV2(recording, new StdioV2(ends.clientReads, ends.clientWrites), 'legacy');
  instruments.client(client.client);
  return {
    era: 'legacy',
    client,
    stage,
    lasting: true,
    ready,
    inject: (line) => ends.clientWrites.write(`${line}\n`),
    push: () => pushFrom(server),
    stop: () => server.close(),
  };
};

export function servedStdio(era: Era): BuildRig {
  return (recording, instruments, stage) => {
    const ends = pipes(recording);
    const made: ReturnType<typeof serverV2>[] = [];
    const factory = (): ReturnType<typeof serverV2> => {
      const server = instruments.server(serverV2(recording, stage));
      made.push(server);
      return server;
    };
    const transport = instruments.wire(new StdioV2(ends.serverReads, ends.serverWrites));
    const running = serveStdio(factory, { transport, onerror: (error) => void recording.error('serveStdio', error) });
    const client = clientV2(recording, new StdioV2(ends.clientReads, ends.clientWrites), era);
    instruments.client(client.client);
    const push = async (): Promise<void> => {
      for (const server of made) if (server.isConnected()) await pushFrom(server);
    };
    return Promise.resolve({
      era,
      client,
      stage,
      lasting: true,
      ready,
      inject: (line: string) => void ends.clientWrites.write(`${line}\n`),
      push,
      stop: () => running.close(),
    });
  };
}
