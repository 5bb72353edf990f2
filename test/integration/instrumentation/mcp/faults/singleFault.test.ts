import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { McpHooks } from '../../../../../src/instrumentation/mcp/instrumentation.js';
import { generations } from '../../../../unit/instrumentation/mcp/generations.js';
import type { Pair } from '../../../../unit/instrumentation/mcp/pair.js';
import { Ledger } from './ledger.js';
import { RawConnection, quiet, rawServers } from './rawConnection.js';
import type { RawServer } from './rawConnection.js';
import { Saboteur } from './saboteur.js';
import { escaping } from './strays.js';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** A short conversation with everything in it: each message costs telemetry some ten calls. */
interface Subject {
  instrument(instrumentation: McpHooks): void;
  converse(): Promise<unknown>;
}

function rawSubject(raw: RawServer): Subject {
  raw.tool('echo', () => ({ content: [{ type: 'text', text: 'fine' }] }));
  raw.tool('explode', async () => Promise.reject(new RangeError('no')));
  raw.tool('hang', () => new Promise(() => undefined));
  raw.onTold(async () => Promise.reject(new RangeError('told')));
  const _meta = { traceparent: TRACEPARENT, baggage: 'a=b' };
  const call = (id: number, name: string): object => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, _meta } });
  return {
    instrument: (instrumentation) => void instrumentation.instrumentServer(raw.server),
    converse: async () => {
      const connection = await new RawConnection(raw).open();
      await connection.say(call(1, 'echo'));
      await connection.say(call(2, 'explode'));
      await connection.say({ jsonrpc: '2.0', method: 'notifications/roots/list_changed', params: { _meta } });
      await connection.say(call(3, 'hang'));
      await connection.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 3 } });
      await connection.say(call(4, 'hang'));
      await connection.close();
      return connection.transcript;
    },
  };
}

function pairSubject(pair: Pair): Subject {
  let told = 0;
  pair.onTold(() => (told += 1));
  return {
    instrument: (instrumentation) => {
      instrumentation.instrumentServer(pair.server);
      instrumentation.instrumentClient(pair.client);
    },
    converse: async () => {
      await pair.connect();
      const outcomes: unknown[] = [
        await pair.call('echo'),
        await pair.call('explode'),
        await pair.askUnknown().catch(String),
        await pair.sample(),
      ];
      const abort = new AbortController();
      const cancelled = pair.call('hang', { signal: abort.signal }).catch(String);
      await pair.hanging;
      abort.abort('enough');
      outcomes.push(await cancelled);
      await pair.tellServer();
      await quiet();
      const cut = pair.call('hang').catch(String);
      await quiet();
      await pair.close();
      return [...outcomes, await cut, told];
    },
  };
}

interface Run {
  readonly outcome: unknown;
  readonly left: readonly string[];
  readonly saboteur: Saboteur;
}

async function sabotaged(subject: Subject, target: number): Promise<Run> {
  const ledger = new Ledger();
  const saboteur = new Saboteur(target);
  const outcome = await escaping(async () => {
    const instrumentation = ledger.instrumentation({
      ...saboteur.dependencies(ledger),
      options: { capture: { arguments: true, results: true, errorMessages: true } },
    });
    subject.instrument(instrumentation);
    const said = await subject.converse();
    instrumentation.disable();
    return said;
  }).catch(String);
  saboteur.stop();
  const left = ledger.open;
  await ledger.dispose();
  return { outcome, left, saboteur };
}

const subjects: readonly { readonly name: string; readonly make: () => Subject }[] = [
  ...rawServers.map(({ name, make }) => ({ name: `a server of ${name}`, make: () => rawSubject(make()) })),
  ...generations.map(({ name, make }) => ({ name: `both sides of ${name}`, make: () => pairSubject(make()) })),
];

describe('whichever single call of telemetry fails, the host does not notice and no span is left open', () => {
  it.each(subjects)(
    '$name',
    async ({ make }) => {
      const expected = await escaping(() => make().converse());
      const { outcome, left, saboteur } = await sabotaged(make(), 0);
      expect({ outcome, left }).toEqual({ outcome: expected, left: [] });
      expect(saboteur.calls).toBeGreaterThan(80);
      const noticed: string[] = [];
      for (let target = 1; target <= saboteur.calls; target += 1) {
        const run = await sabotaged(make(), target);
        const what = `call ${target}, ${run.saboteur.failed}`;
        if (!isDeepStrictEqual(run.outcome, expected))
          noticed.push(`${what}: ${typeof run.outcome === 'string' ? run.outcome : JSON.stringify(run.outcome)}`);
        if (run.left.length > 0) noticed.push(`${what}: left open ${run.left.join()}`);
      }
      expect(noticed).toEqual([]);
    },
    60_000,
  );
});
