import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '..', '..', '..', 'otel-collector');

/** What a file holds is what the assertions pin. */
export type Yaml = ReturnType<typeof parse>;

export interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors?: readonly string[];
  readonly exporters: readonly string[];
}

interface Topologies {
  readonly layers: Readonly<Record<string, readonly string[]>>;
}

/** The lists of files that the collector is started with, by name. */
export async function topologies(): Promise<Topologies['layers']> {
  const { layers } = (await import(new URL('../../../otel-collector/verify/topologies.mjs', import.meta.url).href)) as Topologies;
  return layers;
}

export function text(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

/** What the collector makes of several `--config`: maps are merged, everything else is replaced. */
export function layered(files: readonly string[]): Yaml {
  return files.map((file) => parse(text(file), { merge: true })).reduce(merged);
}

function merged(below: Yaml, above: Yaml): Yaml {
  if (!isMap(below) || !isMap(above)) return above;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, key in above ? (key in below ? merged(below[key], above[key]) : above[key]) : below[key]]),
  );
}

function isMap(value: Yaml): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function pipelinesOf(config: Yaml): [string, Pipeline][] {
  return Object.entries<Pipeline>(config.service.pipelines);
}
