import type { Era, FixtureClient } from './fixtureClient.js';
import type { Instruments } from './instruments.js';
import type { Recording } from './recording.js';
import type { Stage } from './tools.js';

/** A server and a client that can talk to each other, and what the script may expect of the way between them. */
export interface Rig {
  readonly era: Era;
  readonly client: FixtureClient;
  readonly stage: Stage;
  /** Whether the server keeps a connection: then it can be asked to stop a call, and ask the client something during one. */
  readonly lasting: boolean;
  /** Where raw requests go. HTTP only. */
  readonly url?: URL;
  /** Hands the server a line no client would write. Pipes only. */
  readonly inject?: (line: string) => void;
  /** Resolves when a standing stream the client opens by itself is open. */
  ready(): Promise<void>;
  /** Sends what servers send unasked. */
  push?(): Promise<unknown>;
  stop(): Promise<void>;
}

export type BuildRig = (recording: Recording, instruments: Instruments, stage: Stage) => Promise<Rig>;

/** What `McpServer`s of both generations send unasked, as far as the fixture does. */
interface Pushing {
  sendToolListChanged(): unknown;
  sendLoggingMessage(params: { level: 'error'; data: unknown }): Promise<void>;
  readonly server: { sendResourceUpdated(params: { uri: string }): Promise<void>; sendResourceListChanged(): Promise<void> };
}

export async function pushFrom(server: Pushing): Promise<void> {
  await server.sendToolListChanged();
  await server.server.sendResourceListChanged();
  await server.server.sendResourceUpdated({ uri: 'note://one' });
  await server.sendLoggingMessage({ level: 'error', data: 'unasked' });
}

const DEADLINE_MS = 20_000;

/** Waits for what happens soon; names it when it does not. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  const endMs = performance.now() + DEADLINE_MS;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`did not happen within ${DEADLINE_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
