import type { Bootstrap } from './bootstraps/bootstrap.js';
import { Lab } from './lab/lab.js';

const ROUNDS = 7;
/** The program of every run: libraries loaded, one span, then it ends. */
const WORK = `spanAlone('s'); report('ready', ''); process.exit();`;

export interface StartUp {
  readonly name: string;
  readonly medianMs: number;
  readonly quartilesMs: readonly [low: number, high: number];
  /** On top of the same program without anything. */
  readonly overMs: number;
}

/** Time to the first report, in changing order so that a busy moment hits all alike; medians. */
export async function startUpTimes(
  bootstraps: readonly Bootstrap[],
  built: string,
  progress: (line: string) => void,
): Promise<readonly StartUp[]> {
  const labs = bootstraps.map((bootstrap) => new Lab(bootstrap, built));
  const times = new Map<string, number[]>();
  const note = (name: string, ms: number): void => {
    times.set(name, [...(times.get(name) ?? []), ms]);
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const lab of round % 2 === 0 ? labs : labs.toReversed())
      note(lab.bootstrap.name, (await lab.run({ work: WORK, frequent: false })).readyMs);
    const [first] = labs;
    if (first !== undefined) note('bare', (await first.run({ work: WORK, order: 'bare', frequent: false })).readyMs);
    progress(`start-up, round ${round + 1} of ${ROUNDS}`);
  }
  for (const lab of labs) lab.close();
  const bare = median(times.get('bare') ?? []);
  return ['bare', ...bootstraps.map(({ name }) => name)].map((name) => summary(name, times.get(name) ?? [], bare));
}

function summary(name: string, times: readonly number[], bareMs: number): StartUp {
  const medianMs = median(times);
  return { name, medianMs, quartilesMs: [quantile(times, 0.25), quantile(times, 0.75)], overMs: medianMs - bareMs };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}
