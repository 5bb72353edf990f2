import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectHistogramPoint, expectOneSpan, findSpans, startOtlpReceiver } from '../../src/testing.js';
import type { OtlpReceiver, SpanRecord } from '../../src/testing.js';
import { install } from './support/install.js';
import type { Installation } from './support/install.js';
import { fileInDist, runOnce, telemetryEnv } from './support/program.js';

type Ended = Awaited<ReturnType<typeof runOnce>>;

describe('mcporter calls a tool of server-everything, both published, both unchanged', () => {
  let receiver: OtlpReceiver;
  let client: Installation;
  let home: string;
  let bare: Ended;
  let observed: Ended;

  beforeAll(async () => {
    receiver = await startOtlpReceiver();
    client = await install('mcporter');
    const server = join((await install('reference')).folder, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');
    home = mkdtempSync(join(tmpdir(), 'handoff-otel-third-party-'));
    const target = { endpoint: receiver.url, stdio: false };
    const call = (isObserved: boolean): Promise<Ended> => {
      const serverArgs = [...(isObserved ? ['--import', fileInDist('register.js')] : []), server, 'stdio'];
      const serverEnv = isObserved
        ? Object.entries(telemetryEnv({ ...target, stdio: true })).flatMap(([name, value]) => ['--env', `${name}=${value}`])
        : [];
      const args = [
        join(client.folder, 'node_modules/mcporter/dist/cli.js'),
        'call',
        '--stdio',
        process.execPath,
        ...serverArgs.flatMap((argument) => ['--stdio-arg', argument]),
        ...serverEnv,
        '--tool',
        'get-sum',
        '--args',
        '{"a":2,"b":3}',
        '--output',
        'json',
      ];
      return runOnce({ args, env: { HOME: home }, cwd: home }, isObserved ? target : undefined);
    };
    bare = await call(false);
    observed = await call(true);
  });

  afterAll(async () => {
    await receiver.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('prints what it does without us', () => {
    expect(bare.stdout.join()).toContain('The sum of 2 and 3 is 5');
    expect(observed).toEqual(bare);
  });

  it('yields one CLIENT span per message it sends', async ({ task }) => {
    const span = await receiver.waitFor(({ spans }) => clientSpan(spans()));
    // It calls without listing first, and a name that was never listed is kept out of metrics.
    expect(span).toMatchObject({ name: 'tools/call get-sum', status: { code: 'UNSET' } });
    const methods = findSpans(receiver.spans(), { kind: 'CLIENT', attributes: { 'mcp.method.name': () => true } }).map(
      ({ attributes }) => attributes['mcp.method.name'],
    );
    expect(methods).toEqual(expect.arrayContaining(['initialize', 'notifications/initialized', 'tools/call']));
    const point = await receiver.waitFor(({ metricPoints }) =>
      expectHistogramPoint(metricPoints(), {
        metric: 'mcp.client.operation.duration',
        unit: 's',
        count: 1,
        attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': '_OTHER', 'network.transport': 'pipe' },
      }),
    );
    expect(point.attributes).not.toHaveProperty('jsonrpc.request.id');
    task.meta.row = {
      subject: `mcporter ${client.versionOf('mcporter')} (client)`,
      sdk: `v1 ${client.versionOf('@modelcontextprotocol/sdk')}`,
      format: 'ESM',
      transport: 'stdio',
      protocol: 'its own',
      calls: 1,
      spans: `${String(methods.length)} CLIENT, one trace with its server`,
      points: '1',
      stdout: 'clean',
      results: 'equal',
    };
  });

  it('makes one trace of the client and the server it starts', async () => {
    const server = await receiver.waitFor(({ spans }) =>
      expectOneSpan(spans(), { kind: 'SERVER', attributes: { 'mcp.method.name': 'tools/call' } }),
    );
    const sent = clientSpan(receiver.spans());
    expect(server).toMatchObject({ traceId: sent.traceId, parentSpanId: sent.spanId, name: 'tools/call get-sum' });
  });
});

function clientSpan(spans: readonly SpanRecord[]): SpanRecord {
  return expectOneSpan(spans, {
    kind: 'CLIENT',
    attributes: {
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'get-sum',
      'gen_ai.operation.name': 'execute_tool',
      'network.transport': 'pipe',
      'mcp.protocol.version': /^\d{4}-\d\d-\d\d$/,
      'error.type': undefined,
    },
  });
}
