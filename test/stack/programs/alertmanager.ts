import { chmod, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGo } from './runGo.js';

const MODULE = 'github.com/prometheus/alertmanager@v0.34.0';

/** What the built programs depend on; a change of it means another build. */
export const alertmanagerKey = MODULE;

/**
 * Builds a program of Alertmanager into the folder `target`. Its module embeds the built pages of its user interface and does not contain
 * them, so it is built from a copy that has an empty page in their place. Its own `go.mod` and `go.sum` pin what it needs.
 */
export async function buildAlertmanager(program: 'alertmanager' | 'amtool', target: string): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), 'handoff-alertmanager-'));
  try {
    const { Dir: source } = JSON.parse(await runGo(copy, ['mod', 'download', '-json', MODULE])) as { Dir: string };
    await cp(source, copy, { recursive: true });
    await makeWritable(copy);
    await mkdir(join(copy, 'ui/app/dist'), { recursive: true });
    await writeFile(join(copy, 'ui/app/dist/index.html'), '<!doctype html><title>Alertmanager</title>\n');
    await runGo(copy, ['build', '-trimpath', '-ldflags=-s -w', '-o', join(target, program), `./cmd/${program}`]);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** The module cache is read-only, and so is a copy of it. */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}
