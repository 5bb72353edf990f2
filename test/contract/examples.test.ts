import { spawnSync } from 'node:child_process';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, it } from 'vitest';
import { expectHistogramPoint, expectOneSpan, startOtlpReceiver } from '../../src/testing.js';

// Examples import the package by its name, as users do, and so get what was built.

it('examples fit the types of the package', { timeout: 60_000 }, () => {
  const { status, stdout } = spawnSync(process.execPath, ['node_modules/typescript7/bin/tsc', '-p', 'examples'], { encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

it('instrumented-server.ts traces and measures a call of its tool', { timeout: 60_000 }, async () => {
  const receiver = await startOtlpReceiver();
  try {
    const client = new Client({ name: 'example-test', version: '1.0.0' });
    const env = { PATH: process.env['PATH'] ?? '', OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: ['examples/instrumented-server.ts'], env, stderr: 'inherit' }),
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
