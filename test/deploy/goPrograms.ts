import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from '../setup/cacheFolder.js';

const run = promisify(execFile);
const module = join(import.meta.dirname, 'go');
const BUILD_TIMEOUT_MS = 900_000;

export interface GoPrograms {
  readonly composefile: string;
  readonly manifests: string;
  readonly kustomize: string;
  readonly 'kube-score': string;
}

/** Builds the programs of `go/` and the tools that its go.mod names, or takes those of an earlier run with the same sources. */
export async function goPrograms(): Promise<GoPrograms> {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  const sources = readdirSync(module, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(go|mod|sum)$/.test(name));
  for (const name of sources.sort()) hash.update(`${name}\n`).update(readFileSync(join(module, name)));
  const folder = await cached(`deploy-${hash.digest('hex').slice(0, 16)}`, { worldReadable: false }, async (into) => {
    mkdirSync(into, { recursive: true });
    await run('go', ['build', '-trimpath', '-o', `${into}/`, './...', 'tool'], { cwd: module, timeout: BUILD_TIMEOUT_MS });
  });
  const program = (name: keyof GoPrograms): string => join(folder, name);
  return {
    composefile: program('composefile'),
    manifests: program('manifests'),
    kustomize: program('kustomize'),
    'kube-score': program('kube-score'),
  };
}
