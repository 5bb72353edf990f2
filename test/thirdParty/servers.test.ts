import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../src/testing.js';
import type { OtlpReceiver } from '../../src/testing.js';
import { proxy } from './servers/between.js';
import { bullmq, dbhubOverHttp, dbhubOverStdio, postgres } from './servers/databases.js';
import { everythingOverHttp, everythingOverStdio, filesystem } from './servers/reference.js';
import { chart, context7OverHttp, context7OverStdio, fastmcp, mcpHandler } from './servers/others.js';
import { expectClientSpan, expectDatabaseSpan, expectPoints, expectServerSpan, mcpServerSpans, seen } from './support/checks.js';
import { play } from './support/play.js';
import type { Played } from './support/play.js';
import { createWorld } from './support/surroundings.js';
import type { World } from './support/surroundings.js';
import type { Row } from './support/table.js';

const subjects = [
  everythingOverStdio,
  everythingOverHttp,
  filesystem,
  postgres,
  dbhubOverStdio,
  dbhubOverHttp,
  bullmq,
  chart,
  context7OverStdio,
  context7OverHttp,
  fastmcp,
  mcpHandler,
  proxy,
];

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

// Those that speak 2026-07-28 too: the same calls in that version, which has no initialize and no sessions.
const modern = [dbhubOverStdio, dbhubOverHttp, mcpHandler, proxy].map((subject) => ({ ...subject, era: 'without' as const }));

describe.each([...subjects.map((subject) => ({ ...subject, era: 'with initialize' as const })), ...modern])(
  '$name over $transport, $era',
  (subject) => {
    const { transport } = subject;
    const row = {
      subject: '',
      sdk: '',
      format: subject.format,
      transport,
      protocol: '',
      calls: 0,
      spans: 'WRONG',
      points: 'WRONG',
      stdout: 'WRONG',
      results: 'DIFFER',
    };
    let receiver: OtlpReceiver;
    let bare: Played;
    let observed: Played;

    beforeAll(async () => {
      receiver = await startOtlpReceiver();
      bare = await play(subject, world);
      observed = await play(subject, world, { endpoint: receiver.url, stdio: transport === 'stdio', arrived: seen(receiver) });
      Object.assign(row, {
        subject: observed.title,
        sdk: observed.sdk,
        protocol: observed.conversation.protocolVersion,
        calls: observed.conversation.exchanges.length,
      } satisfies Partial<Row>);
    });

    afterAll(async () => {
      await receiver.close();
    });

    it('answers as it does without us', () => {
      expect(observed.steadyWire).toEqual(bare.steadyWire);
      row.results = 'equal';
    });

    it('writes to stdout what it does without us', () => {
      expect(observed.steadyStdout).toEqual(bare.steadyStdout);
      if (transport === 'stdio') expect(observed.stdout.filter((line) => !isJsonRpc(line))).toEqual([]);
      row.stdout = 'clean';
    });

    it('ends as it does without us', () => {
      expect(observed.end).toEqual(bare.end);
    });

    it('yields one SERVER span per message, with what the conventions demand', async () => {
      const { conversation } = observed;
      await receiver.waitFor((received) =>
        conversation.exchanges.map((exchange) => expectServerSpan(received, exchange, conversation, transport, subject.hasOwnSpans)),
      );
      const spans = mcpServerSpans(receiver);
      expect(spans.map(({ name }) => name).filter((name) => !name.startsWith('notifications/'))).toHaveLength(
        conversation.exchanges.length,
      );
      expect(spans.filter(({ name }) => name === 'notifications/initialized')).toHaveLength(conversation.notified);
      row.spans = String(spans.length);
    });

    it('yields a span of each database call beneath the call that made it', async () => {
      const calls = observed.conversation.exchanges.filter(({ database }) => database !== undefined);
      await receiver.waitFor((received) => {
        for (const call of calls) expectDatabaseSpan(received, call);
        return true;
      });
      if (calls.length > 0) row.spans += ` + ${[...new Set(calls.map(({ database }) => database))].join()}`;
    });

    it('yields a CLIENT span beneath each call it passes on', async () => {
      const calls = observed.conversation.exchanges.filter(({ method }) => subject.callsOn === true && method === 'tools/call');
      await receiver.waitFor((received) => {
        for (const call of calls) expectClientSpan(received, call);
        return true;
      });
      if (calls.length > 0) row.spans += ' + CLIENT';
    });

    it('counts every message in the duration histogram', async ({ task }) => {
      task.meta.row = row;
      const series = await receiver.waitFor((received) => expectPoints(received, observed.conversation, transport));
      row.points = String(series);
    });
  },
);

function isJsonRpc(line: string): boolean {
  try {
    return (JSON.parse(line) as { jsonrpc?: unknown }).jsonrpc === '2.0';
  } catch {
    return false;
  }
}
