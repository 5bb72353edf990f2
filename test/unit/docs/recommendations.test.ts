import { expect, it } from 'vitest';
import { recommendationsDocument } from './recommendationsDocument.js';

it('docs/recommendations.md is what the rules generate; regenerate with `npm run docs`', async () => {
  await expect(recommendationsDocument()).toMatchFileSnapshot('../../../docs/recommendations.md');
});
