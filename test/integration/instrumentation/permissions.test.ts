import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { runProcess } from './instrumentedProcess.js';

// `node --permission`: what the program may not do must not end it, nor keep from it what needs no permission.

const CODE = `
import { McpServer } from '@modelcontextprotocol/server';
import { instrument } from './src/instrumentation/instrument.ts';
const telemetry = instrument({ prometheus: { port: 0 } });
// A refusal to listen comes in a later turn.
setTimeout(() => {
  const { state, notices, mcpSdks } = telemetry.status();
  process.stdout.write(JSON.stringify({ state, notices, mcpSdks: mcpSdks.map((sdk) => sdk.package), imported: typeof McpServer }));
  process.exit(0);
}, 100);`;

it('finds the SDK although the folders above the program are forbidden', async () => {
  const { code, stdout, stderr } = await runProcess({
    code: CODE,
    flags: ['--permission', `--allow-fs-read=${resolve('.')}`],
    env: { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'prometheus', OTEL_LOGS_EXPORTER: 'none' },
  });
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ state: 'active', notices: [], mcpSdks: ['@modelcontextprotocol/server'], imported: 'function' });
  // From Node 25 on, it needs --allow-net to listen, and says so.
  if (process.allowedNodeEnvironmentFlags.has('--allow-net')) expect(stderr).toContain('Node does not allow it without --allow-net');
  else expect(stderr).toBe('');
});

it('says which flag is missing where the network is forbidden, and the program ends as it would without us', async () => {
  const { code, stdout, stderr } = await runProcess({
    code: `
      import { instrument } from './src/instrumentation/instrument.ts';
      const telemetry = instrument();
      telemetry.tracer.startSpan('lost').end();
      await telemetry.flush();
      process.stdout.write('done');`,
    flags: ['--permission', '--allow-fs-read=*'],
    env: { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
  });
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'done' });
  const isForbidden = process.allowedNodeEnvironmentFlags.has('--allow-net');
  expect(stderr).toContain(isForbidden ? 'start the program with --allow-net' : 'start a collector there');
});
