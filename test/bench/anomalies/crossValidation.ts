import { groupOf } from './benchmarkData.js';
import type { Judged } from './judged.js';
import { seededRandom } from './random.js';
import { PROFILES, bestOf, normalised, pointsAt, sweep, weigh } from './scoring.js';
import type { ScoredRow } from './scoring.js';

/** Standard scores when the threshold may not be chosen on the series that are scored, and how much the choice of series matters. */
export interface CrossValidation {
  /** Each file at the threshold that is best on the other files. */
  readonly overFiles: number;
  /** Each group at the threshold that is best on the other groups. */
  readonly overGroups: number;
  /** The score of nine in ten drawings of as many files (with replacement, each at its own best threshold) lies between these. */
  readonly low: number;
  readonly high: number;
}

interface File {
  readonly name: string;
  readonly group: string;
  readonly windows: number;
  readonly rows: readonly ScoredRow[];
}

const profile = PROFILES.standard;
const DRAWS = 400;
const SEED = 1;

export function crossValidate(judged: readonly Judged[]): CrossValidation {
  const files = judged.map(({ series, scores }, index) => ({
    name: series.file,
    group: groupOf(series.file),
    windows: series.windows.length,
    // A row of score 0 is never fired at.
    rows: weigh(series, index, scores, profile).filter(({ score }) => score > 0),
  }));
  const random = seededRandom(SEED);
  const draw = (): File => files[Math.floor(random() * files.length)] as File;
  const drawn = Array.from({ length: DRAWS }, () => best(files.map(draw).map(renumber))).toSorted((a, b) => a - b);
  return {
    overFiles: leaveOut(files, ({ name }) => name),
    overGroups: leaveOut(files, ({ group }) => group),
    low: drawn[Math.floor(DRAWS * 0.05)] ?? 0,
    high: drawn[Math.floor(DRAWS * 0.95)] ?? 0,
  };
}

/** A file that is drawn twice has its windows twice. */
function renumber(file: File, series: number): File {
  return { ...file, rows: file.rows.map((row) => ({ ...row, series })) };
}

function best(files: readonly File[]): number {
  return normalised(bestOf(sweep(rowsOf(files), profile)).points, windowsOf(files), profile);
}

function leaveOut(files: readonly File[], partOf: (file: File) => string): number {
  let points = 0;
  for (const part of new Set(files.map(partOf))) {
    const { threshold } = bestOf(sweep(rowsOf(files.filter((file) => partOf(file) !== part)), profile));
    points += pointsAt(sweep(rowsOf(files.filter((file) => partOf(file) === part)), profile), threshold);
  }
  return normalised(points, windowsOf(files), profile);
}

function rowsOf(files: readonly File[]): readonly ScoredRow[] {
  return files.flatMap(({ rows }) => rows);
}

function windowsOf(files: readonly File[]): number {
  return files.reduce((sum, { windows }) => sum + windows, 0);
}
