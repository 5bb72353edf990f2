import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../src/testing.js';
import { databaseUrl } from '../../setup/services.js';
import { createApp } from '../support/app.js';
import { expectTracedCall } from '../support/expectTracedCall.js';
import { startProgram } from '../support/program.js';
import { startRegistry } from '../support/registry.js';

// Asks the registry for more than a hundred packages one by one, and so takes between half a minute and several: not in CI.

const DOWNLOAD_MS = 300_000;

it(
  'on Deno, finds the packages of its own cache, where there is no node_modules',
  async () => {
    await using app = await createApp();
    await using registry = await startRegistry(app.tarball, [
      '@modelcontextprotocol/sdk',
      '@modelcontextprotocol/server',
      '@opentelemetry/api',
      'pg',
    ]);
    const receiver = await startOtlpReceiver();
    const folder = mkdtempSync(join(tmpdir(), 'handoff-otel-deno-'));
    try {
      copyFileSync(join(app.folder, 'npmSpecifiers.mjs'), join(folder, 'main.mjs'));
      const env = { NPM_CONFIG_REGISTRY: registry.url, DENO_DIR: join(folder, 'cache') };
      const cached = startProgram([app.deno, 'cache', '--quiet', 'main.mjs'], folder, env, DOWNLOAD_MS);
      expect(await cached.ended, cached.stderr()).toEqual({ code: 0, signal: null });
      const program = startProgram([app.deno, 'run', '--allow-all', 'main.mjs'], folder, {
        ...env,
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_METRICS_EXPORTER: 'none',
        DATABASE_URL: databaseUrl(),
      });
      expect(await program.said(/SDKS (.*)/)).toBe('@modelcontextprotocol/sdk 1.32.2, @modelcontextprotocol/server 2.4.0');
      await expectTracedCall(receiver, program, ['SELECT postgres']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await receiver.close();
    }
  },
  2 * DOWNLOAD_MS,
);
