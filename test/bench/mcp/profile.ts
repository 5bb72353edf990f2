import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProfile, summarise } from '../cpuProfile.js';
import { callsOn } from './rounds.js';
import { VariantProcess } from './variantProcess.js';
import type { Variant } from './variants.js';

const WARMUP_CALLS = 10_000;
const CALLS = 40_000;
const SAMPLE_US = 200;
const SHOWN = 25;
const ROOT = new URL('../../../', import.meta.url).href;
/** A function of the built package, as `selfTimes` names it; those of other packages have lost the road to their folder. */
const OUR_CODE = / (dist|file:.*\/dist)\//;

/** Runs one variant under the CPU profiler and says where its time went; the profile itself stays for a viewer. */
export async function profileVariant({ name, road }: Variant, folder: string | undefined): Promise<string> {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const into = mkdtempSync(join(folder ?? tmpdir(), `bench-mcp-${name}-`));
  const child = await VariantProcess.start(name, ['--cpu-prof', `--cpu-prof-dir=${into}`, `--cpu-prof-interval=${SAMPLE_US}`]);
  await child.warmUp(callsOn(road, WARMUP_CALLS));
  const calls = callsOn(road, CALLS);
  const { wallUs } = await child.slice(calls);
  await child.finish();
  const profile = readProfile(into);
  const { byPackage } = summarise(profile, wallUs * calls);
  const line = ([what, us]: readonly [string, number]): string => `${(us / calls).toFixed(2).padStart(8)}  ${what}`;
  const top = (times: ReadonlyMap<string, number>): string =>
    [...times]
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, SHOWN)
      .map(line)
      .join('\n');
  const own = selfTimes(profile, wallUs * calls);
  const ours = new Map([...own].filter(([place]) => OUR_CODE.test(place)));
  return `${name}: µs a call, by package\n${top(byPackage)}\n\nby function, its own time\n${top(own)}\n\nof ours\n${top(ours)}\n\nprofile in ${into}\n`;
}

/** Own time of functions over the last `windowUs`. */
function selfTimes(profile: ReturnType<typeof readProfile>, windowUs: number): Map<string, number> {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const times = new Map<string, number>();
  let seenUs = 0;
  for (let index = profile.samples.length - 1; index >= 0 && seenUs < windowUs; index -= 1) {
    const deltaUs = profile.timeDeltas[index] ?? 0;
    seenUs += deltaUs;
    const frame = nodes.get(profile.samples[index] ?? 0);
    if (frame === undefined) continue;
    const place = `${frame.functionName || '(anonymous)'} ${frame.url.replace(ROOT, '').replace(/^.*node_modules\//, '')}`;
    times.set(place, (times.get(place) ?? 0) + deltaUs);
  }
  return times;
}
