import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedDatabase } from '../../../../../src/handoff/storage/embedded/openEmbeddedDatabase.js';
import type { EmbeddedDatabase } from '../../../../../src/handoff/storage/embedded/openEmbeddedDatabase.js';
import type { EmbeddedOptions } from '../../../../../src/handoff/storage/embedded/options.js';
import { systemClock } from '../../../../../src/time/clock.js';
import { type ServerProcess, startServerProcess } from './startServerProcess.js';

/** What the build makes. Without a build the tests make an empty database instead, which takes five times as long. */
const prepared = new URL('../../../../../dist/handoff/storage/embedded/prepared.br', import.meta.url);

/** Folders, databases and processes of one test file, all gone after `cleanUp()`. */
export interface Scratch {
  /** An empty data folder. */
  emptyFolder(): Promise<string>;
  /** A data folder with the table `notes` in it; made once per file and copied, as creating takes seconds. */
  folder(): Promise<string>;
  process(): ServerProcess;
  open(dataDir: string, options?: Omit<EmbeddedOptions, 'dataDir'>): Promise<EmbeddedDatabase>;
  cleanUp(): Promise<void>;
}

export function createScratch(): Scratch {
  const releases: (() => Promise<void>)[] = [];
  let template: Promise<string> | undefined;

  const emptyFolder = async (): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), 'handoff-embedded-'));
    releases.push(() => rm(folder, { recursive: true, force: true }));
    return folder;
  };
  const open: Scratch['open'] = async (dataDir, options = {}) => {
    const database = await openEmbeddedDatabase(
      { dataDir, ...options },
      { clock: systemClock, random: Math.random, onConnectionLost: () => undefined },
    );
    releases.push(() => database.close());
    return database;
  };
  const makeTemplate = async (): Promise<string> => {
    const folder = await emptyFolder();
    const database = await open(folder, { openTimeoutMs: 110_000, prepared });
    await database.query({
      name: 'test.create',
      text: 'CREATE TABLE notes (writer text NOT NULL, number int NOT NULL, UNIQUE (writer, number))',
    });
    await database.close();
    return folder;
  };
  return {
    emptyFolder,
    open,
    folder: async () => {
      const [from, to] = [await (template ??= makeTemplate()), await emptyFolder()];
      // Not the asynchronous one, which takes five times the processor time for the hundreds of small files.
      cpSync(join(from, 'embedded', 'pgdata'), join(to, 'embedded', 'pgdata'), { recursive: true });
      return to;
    },
    process: () => {
      const child = startServerProcess();
      releases.push(() => child.kill());
      return child;
    },
    cleanUp: async () => {
      for (const release of releases.splice(0).reverse()) await release();
    },
  };
}
