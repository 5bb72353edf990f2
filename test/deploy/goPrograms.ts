import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../setup/cacheFolder.js';
import { runGo } from '../stack/programs/runGo.js';

const module = join(import.meta.dirname, 'go');

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
    await runGo(module, ['build', '-mod=readonly', '-trimpath', '-o', `${into}/`, './...', 'tool']);
  });
  const program = (name: keyof GoPrograms): string => join(folder, name);
  return {
    composefile: program('composefile'),
    manifests: program('manifests'),
    kustomize: program('kustomize'),
    'kube-score': program('kube-score'),
  };
}
