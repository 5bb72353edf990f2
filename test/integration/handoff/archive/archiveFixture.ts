import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileStore } from '../../../../src/handoff/archive/objects/fileStore.js';
import type { ObjectStore } from '../../../../src/handoff/archive/objects/objectStore.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** A store whose next operations a test can make fail or lie. */
export class ToldStore implements ObjectStore {
  readonly kind = 'files';
  readonly location: string;
  readonly #inner: ObjectStore;
  /** Runs before an operation; what it throws is thrown by the store. */
  before: (operation: 'put' | 'get' | 'head' | 'delete', key: string) => Promise<void> | void = () => undefined;
  /** Changes what is stored, as a store that loses data does. */
  distort: (body: Uint8Array) => Uint8Array = (body) => body;

  constructor(inner: ObjectStore) {
    this.#inner = inner;
    this.location = inner.location;
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    await this.before('put', key);
    await this.#inner.put(key, this.distort(body));
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    await this.before('get', key);
    return this.#inner.get(key);
  }

  async head(key: string): Promise<{ readonly bytes: number } | undefined> {
    await this.before('head', key);
    return this.#inner.head(key);
  }

  async delete(key: string): Promise<void> {
    await this.before('delete', key);
    await this.#inner.delete(key);
  }
}

export interface ArchiveFixture extends HandoffFixture {
  readonly store: ToldStore;
  readonly folder: string;
  /** Registers a session with three entries and ends it. Returns its id. */
  endedSession(key: string): Promise<string>;
  /** Everything a session has in the tables that are archived, as the text that PostgreSQL makes of the rows. */
  rowsOf(sessionId: string): Promise<readonly string[]>;
  /** Files below the archive folder. */
  objects(): readonly string[];
}

export async function archiveFixture(): Promise<ArchiveFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-archive-'));
  const store = new ToldStore(createFileStore(folder));
  const fixture = await handoffFixture({ archive: store });
  return {
    ...fixture,
    store,
    folder,
    endedSession: async (key) => {
      await fixture.sessions.register({ sessionKey: key, agentFrom: 'planner', metadata: { of: key } });
      await fixture.sessions.append({ sessionKey: key, contextType: 'message', content: `first of ${key}`, metadata: { user: 'u' } });
      await fixture.sessions.handOff({ sessionKey: key, targetAgent: 'coder', requestType: 'full_handoff', requestData: { n: 1 } });
      const [row] = await fixture.sql<{ id: string }>('SELECT id FROM sessions WHERE session_key = $1', [key]);
      if (row === undefined) throw new Error('not registered');
      return row.id;
    },
    rowsOf: async (sessionId) => {
      const rows = await fixture.sql<{ text: string }>(
        `SELECT 'entry ' || h::text AS text FROM context_history h WHERE session_id = $1
         UNION ALL SELECT 'snapshot ' || c::text FROM codebase_snapshots c WHERE session_id = $1
         UNION ALL SELECT 'handoff ' || r::text FROM handoff_requests r WHERE session_id = $1 ORDER BY 1`,
        [sessionId],
      );
      return rows.map(({ text }) => text);
    },
    objects: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name),
    dispose: async () => {
      await fixture.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
