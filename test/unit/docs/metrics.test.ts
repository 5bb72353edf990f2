import { expect, it } from 'vitest';
import { telemetryDocument } from './telemetryDocument.js';

it('docs/metrics.md is what the catalogue generates; regenerate with `npm run docs`', async () => {
  await expect(telemetryDocument()).toMatchFileSnapshot('../../../docs/metrics.md');
});
