import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOtlpReceiver } from '../../../src/testing/otlpReceiver.js';
import type { OtlpReceiver } from '../../../src/testing/receiverTypes.js';
import { run } from './run.js';
import type { Outcome } from './run.js';

export interface Played extends Outcome {
  readonly receiver: OtlpReceiver;
}

/** A folder for programs within an installation, gone with it. */
export interface Workshop extends Disposable {
  readonly folder: string;
  write(name: string, text: string): string;
  /** Runs one file of it, or whatever `args` say, and returns what became of it and what arrived. */
  play(node: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Played>;
}

export function workshopIn(installation: string): Workshop {
  const folder = mkdtempSync(join(installation, 'programs-'));
  return {
    folder,
    write: (name, text) => {
      const file = join(folder, name);
      writeFileSync(file, text);
      return file;
    },
    play: async (node, args, env) => {
      const receiver = await startOtlpReceiver();
      try {
        return { receiver, ...(await run(node, args, receiver.url, env)) };
      } finally {
        await receiver.close();
      }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
