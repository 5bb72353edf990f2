import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number; readonly columnNumber: number };
  readonly children?: readonly number[];
}

interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** µs before the sample of the same index. */
  readonly timeDeltas: readonly number[];
}

/** Time on the main thread by who spent it, µs. */
export interface ProfileSummary {
  readonly busyUs: number;
  readonly byPackage: ReadonlyMap<string, number>;
}

/** The profile `node --cpu-prof --cpu-prof-dir=<folder>` left of its main thread: the largest, when the process had workers. */
export function readProfile(folder: string): CpuProfile {
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const [largest] = texts.toSorted((a, b) => b.length - a.length);
  if (largest === undefined) throw new Error(`no CPU profile in ${folder}: the server did not end by itself`);
  return JSON.parse(largest) as CpuProfile;
}

/**
 * Sums the last `windowUs` by package: a folder of our sources, or an npm package. What Node itself did counts for the package
 * that called it; garbage collection and code without a caller stand for themselves.
 */
export function summarise(profile: CpuProfile, windowUs: number): ProfileSummary {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  const packages = new Map<number, string>();
  const packageAt = (id: number): string => {
    const known = packages.get(id);
    if (known !== undefined) return known;
    const frame = nodes.get(id)?.callFrame;
    const parent = parents.get(id);
    const found = (frame === undefined ? undefined : packageOf(frame)) ?? (parent === undefined ? 'Node.js' : packageAt(parent));
    packages.set(id, found);
    return found;
  };
  const byPackage = new Map<string, number>();
  let busyUs = 0;
  let seenUs = 0;
  for (let index = profile.samples.length - 1; index >= 0 && seenUs < windowUs; index -= 1) {
    const deltaUs = profile.timeDeltas[index] ?? 0;
    seenUs += deltaUs;
    const name = packageAt(profile.samples[index] ?? 0);
    if (name === '(idle)') continue;
    busyUs += deltaUs;
    byPackage.set(name, (byPackage.get(name) ?? 0) + deltaUs);
  }
  return { busyUs, byPackage };
}

function packageOf({ functionName, url, lineNumber, columnNumber }: ProfileNode['callFrame']): string | undefined {
  if (functionName === '(idle)' || functionName === '(garbage collector)' || functionName === '(program)') return functionName;
  // The innermost node_modules counts: packages nest.
  const npm = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (npm !== undefined || !/^file:.*\/dist\/[^/]+\.js$/.test(url)) return npm;
  const entry = mapOf(url).findEntry(lineNumber, columnNumber);
  return 'originalSource' in entry ? /\bsrc\/(?:(?:handoff|instrumentation)\/)?[^/]+(?=\/)/.exec(entry.originalSource)?.[0] : undefined;
}

const maps = new Map<string, SourceMap>();

/**
 * The build has many sources in one file.
 *
 * @throws Error without a map: all time of ours would count for whoever called us
 */
function mapOf(url: string): SourceMap {
  const known = maps.get(url);
  if (known !== undefined) return known;
  const map = readMap(`${fileURLToPath(url)}.map`);
  maps.set(url, map);
  return map;
}

function readMap(file: string): SourceMap {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as ConstructorParameters<typeof SourceMap>[0]);
  } catch (cause) {
    throw new Error('A CPU profile needs source maps: run `npm run build -- --maps`, which `npm run bench server` does by itself.', {
      cause,
    });
  }
}
