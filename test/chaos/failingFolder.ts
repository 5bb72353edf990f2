import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ChaosStore } from './chaosStore.js';
import { FILE_FAULTS_VARIABLE, fileFaults } from './fileFaults.js';
import type { FileFaultsPlan } from './fileFaults.js';

const loaded = [new URL('../../tools/resolveSource.mjs', import.meta.url), new URL('failingFiles.ts', import.meta.url)];

/** A folder in which the calls of the replicas fail, see failingFiles.ts. */
export async function failingFolder(work: string, seed: number): Promise<ChaosStore> {
  const plan: FileFaultsPlan = {
    folder: path.join(work, 'archive'),
    seed,
    shareFile: path.join(work, 'failure-share'),
    logFile: path.join(work, 'injected.log'),
  };
  await mkdir(plan.folder, { mode: 0o700 });
  let share = 0;
  writeFileSync(plan.shareFile, '0');
  return {
    env: {
      HANDOFF_ARCHIVE_DIR: plan.folder,
      [FILE_FAULTS_VARIABLE]: JSON.stringify(plan),
      NODE_OPTIONS: loaded.map(({ href }) => `--import=${href}`).join(' '),
    },
    get failureShare() {
      return share;
    },
    set failureShare(next) {
      share = next;
      writeFileSync(plan.shareFile, String(next));
    },
    get injected() {
      const lines = existsSync(plan.logFile) ? readFileSync(plan.logFile, 'utf8').split('\n') : [];
      return Object.fromEntries(fileFaults.map((fault) => [fault, lines.filter((line) => line === fault).length]));
    },
    read: (key) => readFile(path.join(plan.folder, ...key.split('/'))),
    close: () => Promise.resolve(),
  };
}
