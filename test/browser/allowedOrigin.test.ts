import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../setup/freshDatabase.js';
import type { FreshDatabase } from '../setup/freshDatabase.js';
import { startServer } from '../setup/serverProcess.js';
import type { ServerProcess } from '../setup/serverProcess.js';
import { openPage } from './chromium.js';
import { startWebApp } from './webApp.js';
import type { Outcome, WebApp } from './webApp.js';

const TOKEN = 'a-token-of-more-than-16-characters';
const DEADLINE_MS = 90_000;

let database: FreshDatabase;
let app: WebApp;
const servers: ServerProcess[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  app = await startWebApp();
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.kill('SIGKILL')));
  await app.close();
  await database.drop();
});

async function serve(settings: Readonly<Record<string, string>>): Promise<string> {
  const server = startServer([], {
    DATABASE_URL: database.url,
    HANDOFF_HTTP_PORT: '0',
    HANDOFF_ADMIN_PORT: '0',
    OTEL_SDK_DISABLED: 'true',
    ...settings,
  });
  servers.push(server);
  return String((await server.logged('handoff.http.listening'))['url']);
}

/** Opens the application's page under `host` and resolves with how its use of the MCP server went. */
async function visit(host: string, mcp: string, token?: string): Promise<Outcome> {
  const outcome = app.outcome();
  const browser = await openPage(
    `http://${host}:${app.port}/?${String(new URLSearchParams({ mcp, ...(token === undefined ? {} : { token }) }))}`,
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the page did not report')), DEADLINE_MS);
  });
  try {
    return await Promise.race([outcome, browser.failed, late]);
  } finally {
    clearTimeout(timer);
    await browser.close();
  }
}

const used = (version: RegExp) => ({
  tools: expect.arrayContaining(['register_session', 'update_context', 'request_handoff']),
  called: true,
  version: expect.stringMatching(version),
});

describe('a page in Chromium', () => {
  it('of an allowed origin connects, lists, calls and reads, in both eras', async () => {
    const mcp = await serve({ HANDOFF_HTTP_ALLOWED_ORIGINS: 'app.example', HANDOFF_HTTP_BEARER_TOKEN: TOKEN });
    const outcome = await visit('app.example', mcp, TOKEN);
    expect(outcome.origin).toBe(`http://app.example:${app.port}`);
    expect(outcome.handshake).toMatchObject(used(/^2025-/));
    expect(outcome.modern).toMatchObject(used(/^2026-/));
  });

  it('of an allowed origin without the token is told so', async () => {
    const mcp = await serve({ HANDOFF_HTTP_ALLOWED_ORIGINS: 'app.example', HANDOFF_HTTP_BEARER_TOKEN: TOKEN });
    const outcome = await visit('app.example', mcp);
    expect(outcome.status).toEqual([401, 'Bearer', 'A valid bearer token is required.']);
  });

  it('of this machine may use a server as it comes', async () => {
    const outcome = await visit('localhost', await serve({}));
    expect(outcome.handshake).toMatchObject(used(/^2025-/));
    expect(outcome.modern).toMatchObject(used(/^2026-/));
  });

  it('of any other origin can neither call nor read', async () => {
    const mcp = await serve({ HANDOFF_HTTP_ALLOWED_ORIGINS: 'app.example' });
    const outcome = await visit('evil.example', mcp);
    expect(outcome.handshake.failed).toContain('Failed to fetch');
    expect(outcome.modern.failed).toContain('Failed to fetch');
    expect(outcome.status).toEqual({ failed: 'TypeError: Failed to fetch' });
  });
});
