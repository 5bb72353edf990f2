import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { serverEnv } from '../setup/serverProcess.js';

/** The official client ends a stdio connection over a message of more than 10 MiB: what may be stored must not be able to do that. */

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
/** As an answer without a bound these are 25 MiB. */
const SESSIONS = 12;

let database: FreshDatabase;
let client: Client;
beforeAll(async () => {
  database = await freshDatabase();
  const env = serverEnv({ DATABASE_URL: database.url });
  client = new Client({ name: 'e2e', version: '1.0.0' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli, 'serve', '--stdio'], env, stderr: 'ignore' }));
  const own = new pg.Client({ connectionString: database.url });
  await own.connect();
  await own.query(
    `INSERT INTO sessions (session_key, agent_from, metadata)
     SELECT 'deep-' || n, 'planner', ('{"a":' || repeat('[', 29) || repeat('0,', 32000) || '0' || repeat(']', 29) || '}')::jsonb FROM generate_series(1, ${SESSIONS}) AS n`,
  );
  await own.query("INSERT INTO sessions (session_key, agent_from) VALUES ('seven', 'planner')");
  await own.query(
    `INSERT INTO context_history (session_id, sequence_number, context_type, content)
     SELECT id, n, 'file', '[' || repeat('{"k":"v"},', 104856) || '0]' FROM sessions, generate_series(1, 7) AS n WHERE session_key = 'seven'`,
  );
  await own.end();
});
afterAll(async () => {
  await client.close();
  await database.drop();
});

it('sessions with the largest metadata are all listed, and the client is still connected', { timeout: 240_000 }, async () => {
  const keys = new Set<string>();
  for (let uri: string | undefined = 'handoff://sessions?limit=1000'; uri !== undefined; ) {
    const { contents } = await client.readResource({ uri }, { timeout: 120_000 });
    const page = JSON.parse((contents as { text: string }[])[0]?.text ?? 'null') as {
      sessions: { sessionKey: string }[];
      nextCursor?: string;
    };
    for (const { sessionKey } of page.sessions) keys.add(sessionKey);
    uri = page.nextCursor === undefined ? undefined : `handoff://sessions?limit=1000&cursor=${page.nextCursor}`;
  }
  expect(keys.size).toBe(SESSIONS + 1);
});

it('entries of a mebibyte of JSON are all read by tools, and the client is still connected', { timeout: 240_000 }, async () => {
  let characters = 0;
  for (let after: number | undefined = 0; after !== undefined; ) {
    const { structuredContent } = await client.callTool(
      { name: 'get_context', arguments: { sessionKey: 'seven', after } },
      { timeout: 120_000 },
    );
    const page = structuredContent as { contextHistory: { content: string; cut?: unknown }[]; nextAfter?: number };
    for (const { content, cut } of page.contextHistory) {
      expect(cut).toBeUndefined();
      characters += content.length;
    }
    after = page.nextAfter;
  }
  expect(characters).toBe(7 * (10 * 104_856 + 3));
});
