import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProfile } from '../cpuProfile.js';
import { median } from '../statistics.js';
import type { Program } from './programs.js';
import { runOnce } from './rounds.js';

/** A part of `instrument()`, and our functions that do it. What one of them calls belongs to it, unless that is listed too. */
const PARTS = [
  { title: 'loading `@opentelemetry/sdk-node` and its SDKs', functions: ['loadSdk'] },
  { title: 'reading options and `OTEL_*`', functions: ['resolveSettings'] },
  { title: 'pipelines: exporters, readers, resource, providers', functions: ['bootTelemetry', 'joinedTelemetry'] },
  { title: 'covering pg, ioredis, pino, the runtime', functions: ['coverLibraries', 'subscribePino'] },
  { title: 'MCP: preparing, and looking for SDKs', functions: ['setUpMcp'] },
  { title: 'ends of the process', functions: ['installExitHooks'] },
  { title: 'the rest', functions: ['instrument'] },
] as const;

export interface Share {
  readonly title: string;
  /** Of the time `instrument()` takes, 0 to 1. */
  readonly share: number;
}

/** How the time of `instrument()` is shared by its parts, from profiles of processes that are measured for nothing else. */
export async function sharesOf(node: string, program: Program, runs: number): Promise<readonly Share[]> {
  const found: number[][] = [];
  for (let count = 0; count < runs; count += 1) found.push(await profileOnce(node, program));
  return PARTS.map(({ title }, part) => ({ title, share: median(found.map((shares) => shares[part] ?? 0)) }));
}

async function profileOnce(node: string, program: Program): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-startup-'));
  try {
    await runOnce(node, program, ['--cpu-prof', '--cpu-prof-interval', '250', '--cpu-prof-dir', folder]);
    return shareByPart(readProfile(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function shareByPart({ nodes, samples, timeDeltas }: ReturnType<typeof readProfile>): number[] {
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  const own = new Map(
    nodes.map(({ id, callFrame: { functionName, url } }) => [
      id,
      /\/(?:dist|node_modules\/handoff-otel)\//.test(url)
        ? PARTS.findIndex(({ functions }) => functions.some((name) => name === functionName))
        : -1,
    ]),
  );
  const partAt = (id: number): number => {
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const part = own.get(at) ?? -1;
      if (part !== -1) return part;
    }
    return -1;
  };
  const spent = PARTS.map(() => 0);
  samples.forEach((id, index) => {
    const part = partAt(id);
    if (part !== -1) spent[part] = (spent[part] ?? 0) + (timeDeltas[index] ?? 0);
  });
  const total = spent.reduce((sum, us) => sum + us, 0);
  return spent.map((us) => us / total);
}
