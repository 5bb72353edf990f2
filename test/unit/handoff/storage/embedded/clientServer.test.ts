import { mkdtemp, rm } from 'node:fs/promises';
import { type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { queryMessage, startupMessage } from '../../../../../src/handoff/storage/embedded/backendMessages.js';
import { serveClients } from '../../../../../src/handoff/storage/embedded/clientServer.js';

const ended: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

/** A backend that answers a unit when told to, and records what it ran. */
function gatedBackend() {
  const ran: string[] = [];
  const gate = Promise.withResolvers<void>();
  return {
    ran,
    open: () => gate.resolve(),
    greeting: Buffer.from('greeting;'),
    run: async (unit: Buffer) => {
      const text = unit.toString('latin1').replace(/[^ -~]/gu, '');
      ran.push(text);
      await gate.promise;
      return { reply: Buffer.from(`answer to ${text};`), inTransaction: false };
    },
  };
}

const until = (holds: () => boolean): Promise<boolean> => vi.waitUntil(holds, { timeout: 15_000 });

async function client(address: string): Promise<{ readonly socket: Socket; said(): string }> {
  const socket = connect(address);
  ended.push(() => void socket.destroy());
  let said = '';
  socket.on('data', (chunk: Buffer) => {
    said += chunk.toString('latin1');
  });
  socket.write(startupMessage({ user: 'postgres' }));
  await until(() => said.includes('greeting'));
  return { socket, said: () => said };
}

describe('a server of the embedded database that stops', () => {
  it('answers the statement that is running and runs none of those it turns away', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'handoff-stop-'));
    ended.push(() => rm(folder, { recursive: true, force: true }));
    const backend = gatedBackend();
    const address = join(folder, 'sub', 'socket');
    const server = await serveClients(address, backend, 1000);
    const [first, second] = [await client(address), await client(address)];
    first.socket.write(queryMessage('FIRST'));
    await until(() => backend.ran.length === 1);
    second.socket.write(queryMessage('SECOND'));
    const stopped = server.stop();
    await until(() => second.said().includes('57P01'));
    expect(first.said()).not.toContain('57P01');
    backend.open();
    await stopped;
    await until(() => first.said().includes('57P01'));
    expect(first.said()).toMatch(/greeting;answer to QFIRST;.*57P01/su);
    expect(second.said()).not.toContain('answer');
    expect(backend.ran).toEqual(['QFIRST']);
  });
});
