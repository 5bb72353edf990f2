import { execFile } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..', '..', '..', '..', '..');

/** The command's own verdict is looked at reading by reading, so that a failure shows what grew. */
function soak(...options: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['--import', './tools/resolveSource.mjs', 'test/soak/mcpMemory.ts', ...options],
      { cwd: root },
      (error, stdout, stderr) => {
        if (error !== null && stderr !== '') reject(new Error(stderr));
        else
          resolve(
            stdout
              .trim()
              .split('\n')
              .map((line): Record<string, unknown> => JSON.parse(line)),
          );
      },
    );
  });
}

// The long run is a command of its own; see its file. A leak of 200 bytes a call shows here.
it('20,000 calls of every kind leave neither memory, nor spans, nor counted requests behind', async () => {
  const readings = await soak('--warmup', '10000', '--calls', '10000');
  expect(readings.at(-2)).toMatchObject({ calls: 20_000 });
  expect(readings.at(-1)).toMatchObject({ open: 0, counted: [] });
  expect(readings.at(-1)?.['grownBytes'], JSON.stringify(readings)).toBeLessThan(2_000_000);
  expect(readings.at(-1)?.['spans']).toBeGreaterThan(25_000);
}, 60_000);
