import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { MissingPeerError } from '../../../../src/errors/missingPeerError.js';
import { loadSdk } from '../../../../src/instrumentation/sdk/sdkModules.js';

// Where a bundle lies that was deployed without node_modules.
vi.mock(import('../../../../src/instrumentation/loading/ourRequire.js'), async (original) => ({
  ...(await original()),
  ourRequire: () => createRequire(join(tmpdir(), 'bundle.cjs')),
}));

it('says what to install where there is no SDK', () => {
  expect(() => loadSdk()).toThrow(MissingPeerError);
  expect(() => loadSdk()).toThrow(
    /@opentelemetry\/sdk-node, which is not installed\. Run where the program runs: npm install handoff-otel\. A bundle/u,
  );
});
