import { expect, it } from 'vitest';
import { configurationDocument } from './configurationDocument.js';

it('docs/configuration.md is what the schema generates; regenerate with `npm run docs`', async () => {
  await expect(configurationDocument()).toMatchFileSnapshot('../../../docs/configuration.md');
});
