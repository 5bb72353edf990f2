import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

export interface Program {
  /** Text by path, relative to a folder made for this run. `{{repo}}` stands for the repository, `{{here}}` for the folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Symbolic links: target by path, both relative to the folder. */
  readonly links?: Readonly<Record<string, string>>;
  /** The file to run. */
  readonly main: string;
  readonly flags?: readonly string[];
  /** Relative to the folder; default the folder itself. */
  readonly cwd?: string;
}

/** Writes the files, runs the program to its end and returns what it wrote to stdout as one JSON value. It must be silent on stderr. */
export async function runProgram({ files, links = {}, main, flags = [], cwd = '.' }: Program): Promise<Record<string, unknown>> {
  // A blank in the name: URLs and paths differ then.
  const here = realpathSync(mkdtempSync(join(tmpdir(), 'handoff modules-')));
  const fill = (text: string): string => text.replaceAll('{{repo}}', repository.slice(0, -1)).replaceAll('{{here}}', here);
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(here, path)), { recursive: true });
      writeFileSync(join(here, path), fill(text));
    }
    for (const [path, target] of Object.entries(links)) {
      mkdirSync(dirname(join(here, path)), { recursive: true });
      symlinkSync(join(here, target), join(here, path));
    }
    return await run([...flags.map(fill), main.startsWith('-') ? main : join(here, main)], join(here, cwd));
  } finally {
    rmSync(here, { recursive: true, force: true });
  }
}

async function run(argv: readonly string[], cwd: string): Promise<Record<string, unknown>> {
  const { NODE_OPTIONS: _notOurs, ...env } = process.env;
  const child = spawn(process.execPath, ['--no-warnings', '--import', join(repository, 'tools/resolveSource.mjs'), ...argv], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0 || output.stderr !== '') throw new Error(`The program ended with ${code}: ${output.stderr}`);
  return JSON.parse(output.stdout) as Record<string, unknown>;
}
