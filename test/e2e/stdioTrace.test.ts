import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childrenOf, descendantsOf, expectOneSpan, latestPoints, startOtlpReceiver } from '../../src/testing.js';
import type { OtlpReceiver, SpanRecord } from '../../src/testing.js';
import { domains } from '../../src/telemetry/catalogue/domains.js';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { serverEnv } from '../setup/serverProcess.js';
import { redisUrl } from '../setup/services.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentSpanId = 'b7ad6b7169203331';

describe('a stdio server driven by the official client, with PostgreSQL, Redis and an OTLP receiver', () => {
  let database: FreshDatabase;
  let receiver: OtlpReceiver;
  let server: SpanRecord;

  beforeAll(async () => {
    database = await freshDatabase();
    receiver = await startOtlpReceiver();
    const env = serverEnv({ DATABASE_URL: database.url, REDIS_URL: redisUrl(), OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
    const transport = new StdioClientTransport({ command: process.execPath, args: [cli, 'serve', '--stdio'], env, stderr: 'ignore' });
    const client = new Client({ name: 'e2e', version: '1.0.0' });
    await client.connect(transport);
    await client.callTool({ name: 'register_session', arguments: { sessionKey: 'k', agentFrom: 'a' } });
    const answer = await client.callTool({
      name: 'update_context',
      arguments: { sessionKey: 'k', contextType: 'message', content: 'correct horse battery staple' },
      _meta: { traceparent: `00-${traceId}-${parentSpanId}-01` },
    });
    expect(answer.isError ?? false).toBe(false);
    await client.close();
    server = expectOneSpan(receiver.spans(), { traceId, kind: 'SERVER' });
  });

  afterAll(async () => {
    await receiver.close();
    await database.drop();
  });

  it('makes one MCP span, child of the span in _meta, with the attributes of the conventions', () => {
    expect(server.name).toBe('tools/call update_context');
    expect(server.parentSpanId).toBe(parentSpanId);
    expect(server.status.code).toBe('UNSET');
    expect(server.attributes).toMatchObject({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'update_context',
      'gen_ai.operation.name': 'execute_tool',
      'network.transport': 'pipe',
      'jsonrpc.request.id': expect.stringMatching(/^\d+$/),
      'mcp.protocol.version': expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    });
    expect(server.attributes).not.toHaveProperty('error.type');
  });

  it('nests one service span, and PostgreSQL and Redis spans beneath it', () => {
    const services = childrenOf(receiver.spans(), server);
    expect(services.map(({ name, kind }) => [name, kind])).toEqual([['handoff.context.append', 'INTERNAL']]);
    const systems = descendantsOf(receiver.spans(), server)
      .filter(({ kind }) => kind === 'CLIENT')
      .map(({ attributes }) => attributes['db.system.name']);
    expect(systems.filter((system) => system === 'postgresql')).toHaveLength(1);
    expect(systems.filter((system) => system === 'redis')).toHaveLength(1);
  });

  it('writes log records of that trace with the same resource', () => {
    const [service] = childrenOf(receiver.spans(), server);
    const records = receiver.logRecords().filter((record) => record.traceId === traceId);
    expect(records.map(({ body, spanId, severityText }) => [body, spanId, severityText?.toLowerCase()])).toEqual([
      ['handoff.context.append', service?.spanId, 'info'],
    ]);
    expect(records[0]?.resource.attributes).toEqual(server.resource.attributes);
    expect(server.resource.attributes).toMatchObject({ 'service.name': 'ai-handoff-mcp', 'service.instance.id': expect.any(String) });
  });

  it('counts the call once in the duration histogram, in seconds and with the bucket bounds of the conventions', () => {
    const points = latestPoints(receiver.metricPoints()).filter(
      ({ metric, attributes }) => metric === 'mcp.server.operation.duration' && attributes['gen_ai.tool.name'] === 'update_context',
    );
    expect(points).toHaveLength(1);
    expect(points[0]).toMatchObject({
      kind: 'histogram',
      unit: 's',
      count: 1,
      explicitBounds: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
    });
    expect(points[0]?.attributes).not.toHaveProperty('jsonrpc.request.id');
  });

  it('sends no metric that the catalogue does not have, with its unit and no other attributes', () => {
    const known = new Map(domains.flatMap(({ metrics = [] }) => metrics).map((definition) => [definition.name, definition]));
    const points = receiver.metricPoints();
    expect(points.filter(({ metric, unit }) => known.get(metric)?.unit !== unit).map(({ metric, unit }) => `${metric} ${unit}`)).toEqual(
      [],
    );
    const strays = points.flatMap(({ metric, attributes }) =>
      Object.keys(attributes)
        .filter((key) => known.get(metric)?.attributes.some((allowed) => allowed.key === key) !== true)
        .map((key) => `${metric} ${key}`),
    );
    expect([...new Set(strays)]).toEqual([]);
  });

  it('sends the content of the call nowhere', () => {
    const everything = JSON.stringify([receiver.spans(), receiver.logRecords(), receiver.metricPoints()], (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(everything).not.toContain('correct horse');
  });
});
