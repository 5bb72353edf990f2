import { context } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { subscribePino } from '../../../../src/instrumentation/logs/pino/pinoChannel.js';
import { logAttributesOf } from '../../../../src/instrumentation/mcp/emission/logAttributes.js';
import { MemoryDestination } from '../../../unit/logging/memoryDestination.js';
import { connectInMemory, connectRaw, makeServer } from '../../../unit/instrumentation/mcp/mcpPair.js';
import { TelemetryHarness, eventually } from '../../../unit/instrumentation/mcp/telemetryHarness.js';

let telemetry: TelemetryHarness;
let exporter: InMemoryLogRecordExporter;
let destination: MemoryDestination;
let stop: () => void;
beforeEach(() => {
  telemetry = new TelemetryHarness();
  exporter = new InMemoryLogRecordExporter();
  destination = new MemoryDestination();
  const logger = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }).getLogger('test');
  stop = subscribePino({ logger, attributes: () => logAttributesOf(context.active()) }).disable;
});
afterEach(async () => {
  stop();
  await telemetry.dispose();
});

const records = (): object[] => exporter.getFinishedLogRecords().map(({ body, attributes }) => ({ body, attributes }));

describe('log records', () => {
  it('of a handler tell the client and the conversation; those outside, and the lines themselves, do not', async () => {
    const log = pino({}, destination);
    const server = makeServer();
    server.registerTool('speak', {}, () => {
      log.info({ step: 1 }, 'in the handler');
      return { content: [] };
    });
    const { client } = await connectInMemory(
      telemetry.instrumentation({ options: { conversation: { from: () => 'c-1' } } }).instrumentServer(server),
    );
    await client.callTool({ name: 'speak' });
    log.info('outside');
    const who = { 'handoff.mcp.client.name': 'test-client', 'handoff.mcp.client.version': '1.0.0', 'gen_ai.conversation.id': 'c-1' };
    expect(records()).toEqual([
      { body: 'in the handler', attributes: { ...who, step: 1 } },
      { body: 'outside', attributes: {} },
    ]);
    expect(destination.texts.join('')).not.toContain('test-client');
    const inside = exporter.getFinishedLogRecords()[0];
    expect(inside?.spanContext?.spanId).toBe(telemetry.span('tools/call speak').spanContext().spanId);
  });

  it("of a notification's handler do too, and belong to its span", async () => {
    const log = pino({}, destination);
    const server = makeServer();
    server.server.setNotificationHandler('notifications/initialized', () => {
      log.info('told');
    });
    await connectInMemory(telemetry.instrumentation().instrumentServer(server));
    await eventually(() => records().length === 1, 'the record');
    expect(records()).toEqual([
      { body: 'told', attributes: { 'handoff.mcp.client.name': 'test-client', 'handoff.mcp.client.version': '1.0.0' } },
    ]);
    expect(exporter.getFinishedLogRecords()[0]?.spanContext?.spanId).toBe(telemetry.span('notifications/initialized').spanContext().spanId);
  });

  it('keep what the host calls by the same name, and come without when the client said nothing', async () => {
    const log = pino({}, destination);
    const server = makeServer();
    server.registerTool('speak', {}, () => {
      log.info({ 'handoff.mcp.client.name': 'mine' }, 'spoken');
      return { content: [] };
    });
    const { send, received } = await connectRaw(telemetry.instrumentation().instrumentServer(server));
    await send({ id: 1, method: 'tools/call', params: { name: 'speak' } });
    await send({
      id: 2,
      method: 'tools/call',
      params: { name: 'speak', _meta: { 'io.modelcontextprotocol/clientInfo': { name: 'theirs', version: '2' } } },
    });
    await eventually(() => received.length === 2, 'two answers');
    expect(records()).toEqual([
      { body: 'spoken', attributes: { 'handoff.mcp.client.name': 'mine' } },
      { body: 'spoken', attributes: { 'handoff.mcp.client.name': 'mine', 'handoff.mcp.client.version': '2' } },
    ]);
  });
});
