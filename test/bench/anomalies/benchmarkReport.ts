import { groupOf } from './benchmarkData.js';
import type { CrossValidation } from './crossValidation.js';
import type { Judged } from './judged.js';
import { PROFILES, bestOf, normalised, pointsAt, sweep, weigh } from './scoring.js';
import type { Points, Profile } from './scoring.js';

/** One column of the table: the profile and what it makes of all series at its best threshold. */
export interface Scored {
  readonly name: keyof typeof PROFILES;
  readonly best: Points;
  readonly score: number;
}

export function scoreAll(judged: readonly Judged[]): readonly Scored[] {
  return (['standard', 'lowFP', 'lowFN'] as const).map((name) => {
    const best = bestOf(curveOf(judged, PROFILES[name]));
    return { name, best, score: normalised(best.points, windowsOf(judged), PROFILES[name]) };
  });
}

/** The report in markdown. With `isFull` it has a line for each file. */
export function benchmarkReport(
  judged: readonly Judged[],
  scored: readonly Scored[],
  validation: CrossValidation | undefined,
  isFull: boolean,
): string {
  const rows = judged.reduce((sum, { scores }) => sum + scores.length, 0);
  const microseconds = judged.reduce((sum, { microsecondsPerRow, scores }) => sum + microsecondsPerRow * scores.length, 0);
  const threshold = scored[0]?.best.threshold ?? 1;
  const groups = [...new Set(judged.map(({ series }) => groupOf(series.file)))];
  return [
    `${judged.length} files, ${rows} rows, ${windowsOf(judged)} windows; ${(microseconds / rows).toFixed(1)} µs of CPU a row, ${judged[0]?.stateBytes ?? 0} bytes of state`,
    '',
    '| Profile | Score | Threshold |',
    '| --- | ---: | ---: |',
    ...scored.map(({ name, score, best }) => `| ${name} | ${score.toFixed(2)} | ${best.threshold.toFixed(4)} |`),
    '',
    '| Group, standard profile at that threshold | Windows | Found | False alarms | Score |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...groups.map((group) =>
      lineOf(
        group,
        judged.filter(({ series }) => groupOf(series.file) === group),
        threshold,
      ),
    ),
    ...(isFull ? judged.map((each) => lineOf(each.series.file, [each], threshold)) : []),
    '',
    ...(validation === undefined ? [] : validationLines(validation)),
  ].join('\n');
}

function validationLines({ overFiles, overGroups, low, high }: CrossValidation): readonly string[] {
  return [
    '| Standard score with the threshold of the other series | |',
    '| --- | ---: |',
    `| leave one file out | ${overFiles.toFixed(2)} |`,
    `| leave one group out | ${overGroups.toFixed(2)} |`,
    `| nine in ten drawings of as many files | ${low.toFixed(1)} to ${high.toFixed(1)} |`,
    '',
  ];
}

function lineOf(name: string, judged: readonly Judged[], threshold: number): string {
  const profile = PROFILES.standard;
  const fired = judged.flatMap(({ series, scores }, index) =>
    weigh(series, index, scores, profile).filter(({ score }) => score >= threshold),
  );
  const found = new Set(fired.filter(({ window }) => window !== undefined).map(({ series, window }) => `${series}|${window}`)).size;
  const falseAlarms = fired.filter(({ window }) => window === undefined).length;
  const windows = windowsOf(judged);
  // Without windows there is no score, only what false alarms cost.
  const points = pointsAt(curveOf(judged, profile), threshold);
  const score = windows === 0 ? '' : normalised(points, windows, profile).toFixed(1);
  return `| ${name} | ${windows} | ${found} | ${falseAlarms} | ${score} |`;
}

function curveOf(judged: readonly Judged[], profile: Profile): readonly Points[] {
  return sweep(
    judged.flatMap(({ series, scores }, index) => weigh(series, index, scores, profile)),
    profile,
  );
}

function windowsOf(judged: readonly Judged[]): number {
  return judged.reduce((sum, { series }) => sum + series.windows.length, 0);
}
