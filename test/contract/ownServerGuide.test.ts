import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { redisUrl } from '../setup/services.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'handoff-own-server-'));
let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

it('the program of the guide is a handoff server', async () => {
  const [, code = ''] = /```js\n([\s\S]*?)```/u.exec(readFileSync(join(root, 'docs/guides/own-server.md'), 'utf8')) ?? [];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ['--input-type=module', '-e', code],
    cwd: root,
    env: { DATABASE_URL: database.url, REDIS_URL: redisUrl(), ARCHIVE_FOLDER: folder, OTEL_SDK_DISABLED: 'true' },
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const client = new Client({ name: 'agent', version: '1.0.0' });
  await client.connect(transport).catch((error: unknown) => expect.unreachable(`${String(error)}\n${stderr}`));
  const call = async (name: string, args: Record<string, unknown>): Promise<unknown> =>
    (await client.callTool({ name, arguments: args })).structuredContent;
  expect(await call('register_session', { sessionKey: 'k', agentFrom: 'a' })).toMatchObject({ success: true });
  expect(await call('request_handoff', { sessionKey: 'k', targetAgent: 'b', requestType: 'full_handoff' })).toMatchObject({
    success: true,
  });
  expect(await call('accept_handoff', { sessionKey: 'k', agent: 'b' })).toMatchObject({ success: true });
  expect((await client.listResources()).resources.map(({ uri }) => uri)).toContain('handoff://health');
  await client.close();
  expect(stderr).toContain('handoff.request.accept');
  expect(stderr).not.toContain('"level":50');
});
