import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesWithSections } from '../../../dashboards/src/generatedSections.js';

const root = join(import.meta.dirname, '..', '..', '..');
const files = filesWithSections((path) => readFileSync(join(root, path), 'utf8'));

describe('generated sections', () => {
  // If this fails, the catalogue changed: `npm run dashboards` writes the files.
  it.each(files)('are in $path as the catalogue has them', async ({ path, text }) => {
    await expect(text).toMatchFileSnapshot(join(root, path));
  });
});
