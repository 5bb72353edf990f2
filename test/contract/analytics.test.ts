import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handoffFixture } from '../setup/handoffFixture.js';
import type { HandoffFixture } from '../setup/handoffFixture.js';
import { writeHistory } from '../integration/handoff/analytics/history.js';
import { call, read } from '../unit/handoff/server/fakeSessions.js';

/** What clients bind to: the types, the names and order of the fields, and the words of refusals, as they come from a real database. */

let fixture: HandoffFixture;
let client: Client;
const hoursAgo = (hours: number): string => new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - hours * 3_600_000).toISOString();
const from = hoursAgo(30);
const to = hoursAgo(2);

beforeAll(async () => {
  fixture = await handoffFixture({ maxAnswerBytes: 512 * 1024 });
  await writeHistory(fixture, { sessions: 60, from: hoursAgo(40), to: hoursAgo(1), seed: 0.25 });
  await fixture.analytics.rollUp({ pauseMs: 0 });
  client = await fixture.connect();
});
afterAll(() => fixture.dispose());

const TYPES = ['sessions', 'handoffs', 'context', 'performance', 'resources'];
/** They take no range. */
const OF_NOW = ['anomalies', 'recommendations'];
const HEAD = ['type', 'granularity', 'timeRange', 'coverage'];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  sessions: [
    'totalSessions',
    'completedSessions',
    'expiredSessions',
    'archivedSessions',
    'averageSessionDurationSeconds',
    'activeSessions',
    'p95SessionDurationSeconds',
    'averageContextVolumeEntries',
    'averageParticipantCount',
    'sessionsByStatus',
    'sessionsByAgent',
    'sessionTrends',
    'trend',
    'comparison',
  ],
  handoffs: [
    'totalHandoffs',
    'successfulHandoffs',
    'failedHandoffs',
    'successRatePercent',
    'averageProcessingTimeMs',
    'p95ProcessingTimeMs',
    'averageContextEntries',
    'handoffsByRoute',
    'failureReasons',
    'handoffTrends',
    'trend',
    'comparison',
  ],
  context: [
    'totalContextEntries',
    'totalSizeBytes',
    'p95SizeBytes',
    'contentTypeDistribution',
    'growthTrends',
    'sizeTrends',
    'trend',
    'comparison',
  ],
  performance: ['operationMetrics', 'databasePerformance', 'systemResourceTrends', 'slowOperations'],
  resources: ['current', 'historical', 'alerts', 'trends'],
};

describe('handoff://analytics/{type}', () => {
  it('is listed, and says what its types are', async () => {
    const { resourceTemplates } = await client.listResourceTemplates();
    const template = resourceTemplates.find(({ name }) => name === 'analytics');
    expect(template?.uriTemplate).toBe('handoff://analytics/{type}{?from,to,timeZone,granularity,groupBy,maxGroups}');
    const complete = async (value: string): Promise<readonly string[]> =>
      (
        await client.complete({
          ref: { type: 'ref/resource', uri: template?.uriTemplate ?? '' },
          argument: { name: 'type', value },
        })
      ).completion.values;
    expect(client.getServerCapabilities()).toMatchObject({ completions: {} });
    expect(await complete('')).toEqual([...TYPES, ...OF_NOW]);
    expect(await complete('ha')).toEqual(['handoffs']);
  });

  it.each(TYPES)('%s has these fields, in this order', async (type) => {
    const { body } = await read(client, `handoff://analytics/${type}?from=${from}&to=${to}`);
    expect(Object.keys(body as object)).toEqual([...HEAD, ...(FIELDS[type] ?? [])]);
    expect(body).toMatchObject({
      type,
      granularity: 'hour',
      timeRange: { start: from, end: to, timeZone: 'UTC' },
      coverage: { aggregatedPercent: 100, lateRows: 0 },
    });
  });

  it.each([
    ['anomalies', ['type', 'anomalies']],
    ['recommendations', ['type', 'recommendations', 'unavailableFacts']],
  ])('%s has these fields, and no range', async (type, fields) => {
    const { body } = await read(client, `handoff://analytics/${type}`);
    expect(Object.keys(body as object)).toEqual(fields);
    expect(body).toMatchObject({ type });
  });

  it('tells of the last seven days unless asked otherwise', async () => {
    const { body } = await read(client, 'handoff://analytics/sessions');
    const { start, end } = (body as { timeRange: { start: string; end: string } }).timeRange;
    expect(Date.parse(end) - Date.parse(start)).toBe(7 * 86_400_000);
    expect(Date.now() - Date.parse(end)).toBeLessThan(60_000);
  });

  it('groups, divides and counts in a time zone', async () => {
    const { body } = await read(
      client,
      `handoff://analytics/sessions?from=24h&timeZone=Europe/Berlin&granularity=day&groupBy=agent&maxGroups=2`,
    );
    expect(body).toMatchObject({ granularity: 'day', timeRange: { timeZone: 'Europe/Berlin' } });
    expect(Object.keys((body as { groups: object }).groups)).toHaveLength(3);
  });

  it.each([
    ['sessions?from=yesterday', 'from is not a time (allowed: a date'],
    ['sessions?timeZone=Mars', 'timeZone is not a time zone (allowed: an IANA name'],
    ['sessions?from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00%2B02:00', 'to is not after the beginning of the range'],
    ['sessions?from=9999d', 'from makes the range too long (allowed: at most 1830 days'],
    ['sessions?groupBy=route', 'groupBy does not go with sessions (allowed: one of agent, retention_policy)'],
    ['resources?groupBy=agent', 'groupBy does not go with resources (allowed: no grouping)'],
    ['sessions?from=1000d&granularity=hour', 'granularity is too small for the range (allowed: at most 2000 parts)'],
    ['sessions?maxGroups=0', 'maxGroups cannot be used (allowed: a whole number from 1 to 100)'],
    ['anomalies?from=1d', 'from does not go with anomalies (allowed: nothing: it tells of now)'],
    ['sessions?until=1d', 'until is not a parameter of this resource'],
  ])('%s is refused: %s', async (address, message) => {
    await expect(client.readResource({ uri: `handoff://analytics/${address}` })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining(message),
      data: { problems: [{ path: message.split(' ')[0] }] },
    });
  });

  it('a type that does not exist is not found, and the answer says which do', async () => {
    await expect(client.readResource({ uri: 'handoff://analytics/money' })).rejects.toThrow(
      'Analytics type not found: money. The types are: sessions, handoffs, context, performance, resources, anomalies, recommendations.',
    );
  });
});

describe('get_analytics', () => {
  it('has these arguments and says that it reads only', async () => {
    const tool = (await client.listTools()).tools.find(({ name }) => name === 'get_analytics');
    expect(Object.keys(tool?.inputSchema.properties ?? {})).toEqual([
      'type',
      'from',
      'to',
      'timeZone',
      'granularity',
      'groupBy',
      'maxGroups',
    ]);
    expect(tool).toMatchObject({
      title: 'Show analytics',
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      inputSchema: {
        required: ['type'],
        properties: { type: { enum: [...TYPES, ...OF_NOW] }, granularity: { enum: ['hour', 'day', 'week', 'month'] } },
      },
      outputSchema: { required: ['success', 'type'] },
    });
  });

  it.each(TYPES)('answers %s as the resource does', async (type) => {
    const { isError, body } = await call(client, 'get_analytics', { type, from, to });
    const resource = await read(client, `handoff://analytics/${type}?from=${from}&to=${to}`);
    expect(isError).toBe(false);
    expect(body).toEqual({ success: true, ...(resource.body as object) });
  });

  it.each(OF_NOW)('answers %s as the resource does', async (type) => {
    const { isError, body } = await call(client, 'get_analytics', { type });
    expect(isError).toBe(false);
    expect(body).toMatchObject({ success: true, type, [type]: expect.any(Array) });
  });

  it.each([
    [{ type: 'money' }, 'type', 'is not one of the allowed values'],
    [{ type: 'sessions', from: 'yesterday' }, 'from', 'is not a time'],
    [{ type: 'sessions', from: '2026-05-02', to: '2026-05-01' }, 'to', 'is not after the beginning of the range'],
    [{ type: 'sessions', groupBy: 'tool' }, 'groupBy', 'does not go with sessions'],
    [{ type: 'recommendations', timeZone: 'UTC' }, 'timeZone', 'does not go with recommendations'],
    [{ type: 'sessions', maxGroups: 101 }, 'maxGroups', 'is larger than 100'],
    [{ type: 'sessions', timezone: 'UTC' }, 'timezone', 'is not an argument of this tool; did you mean timeZone?'],
  ])('refuses %j', async (args, path, problem) => {
    const { isError, body } = await call(client, 'get_analytics', args);
    expect(isError).toBe(true);
    expect(body).toMatchObject({ success: false, error: 'Invalid input', problems: [{ path, problem }] });
  });
});

describe('an answer that would be too large', () => {
  it('is refused where the size of the parts was asked for', async () => {
    let sent = 0;
    const counting = await fixture.connect((bytes) => (sent = Math.max(sent, bytes)));
    const { body } = await call(counting, 'get_analytics', { type: 'context', from: '1900h', granularity: 'hour' });
    expect(sent).toBeLessThan(512 * 1024);
    expect(body).toMatchObject({
      error: 'Invalid input',
      problems: [{ path: 'granularity', problem: expect.stringMatching(/^makes an answer of more than \d+ bytes$/) }],
    });
  });
});
