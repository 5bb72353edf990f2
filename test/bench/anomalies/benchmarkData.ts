import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One labelled series of the benchmark. */
export interface LabelledSeries {
  /** `group/file.csv`. */
  readonly file: string;
  /** To the second, as the file has them. They may repeat. */
  readonly timestamps: readonly string[];
  readonly values: readonly number[];
  /** First and last timestamp of each anomaly. */
  readonly windows: readonly (readonly [from: string, to: string])[];
}

const SECONDS_LENGTH = 19;

/** Reads a folder with `windows.json` and `data/`. */
export function readSeries(folder: string): readonly LabelledSeries[] {
  const windows = JSON.parse(readFileSync(join(folder, 'windows.json'), 'utf8')) as Readonly<Record<string, readonly [string, string][]>>;
  return Object.entries(windows).map(([file, spans]) => {
    const rows = readFileSync(join(folder, 'data', file), 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const fields = rows.map((row) => row.split(','));
    return {
      file,
      timestamps: fields.map(([timestamp = '']) => timestamp.slice(0, SECONDS_LENGTH)),
      values: fields.map(([, value]) => Number(value)),
      windows: spans.map(([from, to]) => [from.slice(0, SECONDS_LENGTH), to.slice(0, SECONDS_LENGTH)] as const),
    };
  });
}

export function groupOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}
