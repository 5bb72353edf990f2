import { expect, it } from 'vitest';
import { configurationDocument } from '../../../src/handoff/config/document.js';

it('docs/configuration.md is what the schema generates; regenerate with `npm run docs`', async () => {
  await expect(configurationDocument()).toMatchFileSnapshot('../../../docs/configuration.md');
});
