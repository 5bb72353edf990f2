import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../../setup/cacheFolder.js';
import { alertmanagerKey, buildAlertmanager } from './alertmanager.js';
import { buildPrometheus, prometheusKey } from './prometheus.js';

export type Program = 'prometheus' | 'promtool' | 'alertmanager' | 'amtool';

/**
 * Builds programs of Prometheus 3.16 and Alertmanager 0.34 from Go modules, unless the cache has them, and returns their paths. The first
 * build takes some minutes for each and needs Go 1.26 and the Go module proxy.
 *
 * @throws TestServiceError with the output of `go` if a build fails.
 */
export async function programs<const P extends Program>(names: readonly P[]): Promise<Readonly<Record<P, string>>> {
  const paths: Partial<Record<P, string>> = {};
  for (const name of names) paths[name] = await built(name);
  return paths as Record<P, string>;
}

async function built(program: Program): Promise<string> {
  const isPrometheus = program === 'prometheus' || program === 'promtool';
  const dependsOn = [isPrometheus ? await prometheusKey() : alertmanagerKey, process.platform, process.arch].join();
  const key = createHash('sha256').update(dependsOn).digest('hex').slice(0, 16);
  const home = await cached(`${program}-${key}`, { worldReadable: false }, async (target) => {
    await mkdir(target, { recursive: true });
    await (isPrometheus ? buildPrometheus(program, target) : buildAlertmanager(program, target));
  });
  return join(home, program);
}
