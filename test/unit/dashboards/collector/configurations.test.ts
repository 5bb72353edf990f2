import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectorConfigurations } from '../../../../dashboards/src/collector/configurations.js';

const root = join(import.meta.dirname, '..', '..', '..', '..');
const configurations = collectorConfigurations((path) => readFileSync(join(root, path), 'utf8'));

describe('generated sections of the collector’s configurations', () => {
  // If this fails, the catalogue changed: `npx vitest run --project unit test/unit/dashboards/collector --update` writes the files.
  it.each(configurations)('are in $path as the catalogue has them', async ({ path, text }) => {
    await expect(text).toMatchFileSnapshot(join(root, path));
  });
});
