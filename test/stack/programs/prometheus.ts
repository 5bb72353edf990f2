import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGo } from './runGo.js';

const source = join(import.meta.dirname, 'go');
/** Service discovery means the SDKs of many clouds, which take most of the time to compile; a list of addresses needs none of it. */
const FLAGS = ['-mod=readonly', '-trimpath', '-ldflags=-s -w', '-tags', 'remove_all_sd'] as const;

/** What the built programs depend on; a change of it means another build. `go.mod` and `go.sum` pin everything. */
export async function prometheusKey(): Promise<string> {
  const texts = await Promise.all(['go.mod', 'go.sum'].map((file) => readFile(join(source, file), 'utf8')));
  return createHash('sha256').update(texts.join(), 'utf8').digest('hex') + FLAGS.join();
}

/** Builds a program of Prometheus into the folder `target`. */
export async function buildPrometheus(program: 'prometheus' | 'promtool', target: string): Promise<void> {
  await runGo(source, ['build', ...FLAGS, '-o', join(target, program), `github.com/prometheus/prometheus/cmd/${program}`]);
}
