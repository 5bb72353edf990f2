import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

type Layers = readonly (readonly string[])[];

const document = readFileSync('ARCHITECTURE.md', 'utf8');
const gate = (await import(pathToFileURL(path.resolve('.dependency-cruiser.mjs')).href)) as {
  readonly layers: Layers;
  readonly instrumentationLayers: Layers;
};
const [picture = ''] = /```text\n.*?```/su.exec(document) ?? [];
const [houseTable = '', wingTable = ''] = document.split('\nWithin `instrumentation/`:\n');

/** Each unit as `layer unit`, of the rows `| layer | units | … |` of a document. */
function unitsOf(text: string, prefix = ''): readonly string[] {
  return [...text.matchAll(/^\| (\d+) \| ([^|]+) \|/gmu)].flatMap(([, layer = '', units = '']) =>
    [...units.matchAll(/`([^`]+)`/gu)].map(([, unit = '']) => `${layer} ${prefix}${unit}`),
  );
}

const numbered = (layers: Layers): readonly string[] => layers.flatMap((units, layer) => units.map((unit) => `${layer} ${unit}`));

it('the tables of ARCHITECTURE.md are those of the layer gate', () => {
  expect(unitsOf(houseTable).toSorted()).toEqual(numbered(gate.layers).toSorted());
  expect(unitsOf(wingTable, 'instrumentation/').toSorted()).toEqual(numbered(gate.instrumentationLayers).toSorted());
});

it('its picture has every folder of them', () => {
  const folders = [...gate.layers, ...gate.instrumentationLayers].flat().filter((unit) => unit.endsWith('/'));
  const missing = folders.filter((folder) => !picture.includes(folder) && !picture.includes(` ${path.basename(folder)}/`));
  expect(missing).toEqual([]);
});

it('a folder that it marks as planned is not there', () => {
  const planned = [...document.matchAll(/`([^`]+\/)`\*/gu)].map(([, folder = '']) => folder);
  expect(planned.filter((folder) => existsSync(path.join('src', folder)))).toEqual([]);
});
