import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { bundler } from '../integration/instrumentation/mcp/discovery/bundles.js';

it('works when it is bundled into CommonJS, where no module knows its own address', async () => {
  // Inside the checkout, so that what stays outside the bundle is found as it would be beside an application.
  const folder = mkdtempSync(join('dist', 'bundled-'));
  try {
    const entry = join(folder, 'entry.mjs');
    writeFileSync(
      entry,
      `import { instrument } from ${JSON.stringify(pathToFileURL('dist/index.js').href)};
       const telemetry = instrument({ serviceName: 'bundled', exitHooks: false });
       process.stdout.write(telemetry.status().state);
       telemetry.shutdown();`.replaceAll('file://', ''),
    );
    const { build } = await bundler();
    const external = [
      /^@opentelemetry\//u,
      /^@modelcontextprotocol\//u,
      /^@electric-sql\//u,
      /^(?:pg|ioredis|pino|zod|lru-cache)(?:\/|$)/u,
    ];
    const { output } = await build({
      input: entry,
      platform: 'node',
      write: false,
      logLevel: 'silent',
      external,
      output: { format: 'cjs', codeSplitting: false },
    });
    // What esbuild leaves; this bundler puts an address in.
    const code = output[0].code.replaceAll(/require\(["']url["']\)\.pathToFileURL\(__filename\)\.href/gu, '({}).url');
    expect(code).toContain('({}).url');
    writeFileSync(join(folder, 'bundle.cjs'), code);
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(folder, 'bundle.cjs')], {
      encoding: 'utf8',
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', HANDOFF_FLUSH_TIMEOUT_MS: '100' },
    });
    expect({ stdout, status }, stderr).toEqual({ stdout: 'active', status: 0 });
    expect(stderr).not.toContain('are not found');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
