import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectHistogramPoint, expectOneSpan, startOtlpReceiver } from '../../src/testing.js';

// Examples import the package by its name, as users do, and so get what was built. They have a package.json of their own, beside which
// the name would mean an installed package: a copy within this package gets this package. `.ci/run examples` runs all of them installed.
let folder: string;

beforeAll(() => {
  mkdirSync('.cache', { recursive: true });
  folder = mkdtempSync('.cache/examples-');
  for (const file of globSync('examples/{*.ts,tsconfig.json}')) copyFileSync(file, join(folder, basename(file)));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('examples fit the types of the package', { timeout: 60_000 }, () => {
  expect(globSync(`${folder}/*.ts`).length).toBeGreaterThan(4);
  const { status, stdout } = spawnSync(process.execPath, ['node_modules/typescript7/bin/tsc', '-p', folder], { encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

it('stdio-server.ts traces and measures a call of its tool', { timeout: 60_000 }, async () => {
  const receiver = await startOtlpReceiver();
  try {
    const client = new Client({ name: 'example-test', version: '1.0.0' });
    const env = { PATH: process.env['PATH'] ?? '', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [join(folder, 'stdio-server.ts')], env, stderr: 'inherit' }),
    );
    const { content } = await client.callTool({ name: 'roll', arguments: { sides: 6 } });
    expect(content).toEqual([{ type: 'text', text: expect.stringMatching(/^[1-6]$/) }]);
    await client.close();
    await receiver.waitFor(({ spans }) =>
      expectOneSpan(spans(), { name: 'tools/call roll', kind: 'SERVER', resource: { 'service.name': 'dice' } }),
    );
    await receiver.waitFor(({ metricPoints }) =>
      expectHistogramPoint(metricPoints(), { metric: 'mcp.server.operation.duration', attributes: { 'gen_ai.tool.name': 'roll' } }),
    );
  } finally {
    await receiver.close();
  }
});
