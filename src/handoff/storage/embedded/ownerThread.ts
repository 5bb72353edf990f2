import { parentPort, workerData } from 'node:worker_threads';
import { publishAddress, publishedAddress, removeSocket } from './address.js';
import { type ClientServer, serveClients } from './clientServer.js';
import { keepHouse } from './housekeeping.js';
import { openFailure } from './openFailure.js';
import type { OwnerReply, OwnerRequest, OwnerSettings } from './ownerProtocol.js';
import { eraseOwner, recordOwner } from './ownerRecord.js';
import { type PgliteBackend, openPglite } from './pgliteBackend.js';
import { silenceThisThread } from './silence.js';
import { nothingUnfinished, unfinished } from './unfinished.js';

// The entry point of the worker thread that owns the database: lock, PGlite and socket server live and die together here,
// away from the host's event loop, which a WebAssembly statement would block.

/** Lines of the server kept to explain a failure. */
const maxLines = 20;

silenceThisThread();

const settings = workerData as OwnerSettings;
const pulse = new Int32Array(settings.pulse);
const printed: string[] = [];

let owning = false;
let stopping = false;

/** Not kept when the thread is being stopped, since it was not run then. */
function finished(): void {
  if (!stopping) nothingUnfinished(settings.home);
}

function say(reply: OwnerReply): void {
  parentPort?.postMessage(reply);
}

function die(error: unknown, crashed: boolean): never {
  const { reason, detail } = openFailure(error, printed);
  if (owning) eraseOwner(settings.home);
  say({ type: 'failed', reason: crashed && reason !== 'disk_full' ? 'crashed' : reason, detail });
  // In a worker this ends the thread, not the process, and it does so from within WebAssembly too.
  process.exit(1);
}

function withPulse(backend: PgliteBackend): PgliteBackend {
  return {
    ...backend,
    run: async (unit) => {
      Atomics.add(pulse, 0, 1);
      try {
        return await backend.run(unit);
      } finally {
        Atomics.add(pulse, 0, 1);
      }
    },
  };
}

async function own(): Promise<(() => Promise<void>) | undefined> {
  // Imported once the thread is silenced: `node:sqlite` warns on import before Node 24.
  const { takeOwnerLock } = await import('./ownerLock.js');
  const lock = takeOwnerLock(settings.home);
  if (lock === undefined) return undefined;
  owning = true;
  recordOwner(settings.home);
  const backend = withPulse(
    await openPglite(
      settings.home,
      {
        onLine: (line) => {
          printed.push(line);
          printed.splice(0, printed.length - maxLines);
        },
        onCreating: () => {
          say({ type: 'creating' });
        },
        onCrash: (error) => die(error, true),
      },
      settings.prepared === undefined ? undefined : new URL(settings.prepared),
    ),
  );
  const server: ClientServer = await serveClients(settings.address, backend, settings.idleInTransactionTimeoutMs);
  const left = unfinished(settings.home);
  const first = left === undefined ? undefined : { sql: left, done: finished };
  const stopHousekeeping = keepHouse(server.turns, undefined, first);
  const before = publishedAddress(settings.home);
  publishAddress(settings.home, settings.address);
  // Removes what a killed owner left in the temporary folder.
  if (before !== undefined && before !== settings.address) removeSocket(before, settings.home);
  return async () => {
    stopHousekeeping();
    await server.stop();
    removeSocket(settings.address, settings.home);
    await backend.close();
    eraseOwner(settings.home);
    lock.release();
  };
}

let release: (() => Promise<void>) | undefined;

async function answer(request: OwnerRequest): Promise<void> {
  if (request.type === 'stop') {
    stopping = true;
    await release?.();
    process.exit(0);
  }
  release = await own();
  say(release === undefined ? { type: 'busy' } : { type: 'listening', address: settings.address });
}

parentPort?.on('message', (request: OwnerRequest) => {
  answer(request).catch((error: unknown) => die(error, false));
});
