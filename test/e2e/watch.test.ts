import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverEnv } from '../setup/serverProcess.js';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Knows nothing of telemetry; its tool makes a span of its own by OpenTelemetry's API, as libraries do. */
const MAKE_SERVER = `
  import { SpanStatusCode, trace } from '@opentelemetry/api';
  import { McpServer } from '@modelcontextprotocol/server';
  import { z } from 'zod';
  export function makeServer() {
    const server = new McpServer({ name: 'vault', version: '1' });
    server.registerTool('open', { inputSchema: z.object({ word: z.string() }) }, ({ word }) =>
      trace.getTracer('lock').startActiveSpan('turn the lock', (span) => {
        span.setAttribute('word', word);
        span.setStatus({ code: SpanStatusCode.ERROR, message: word });
        span.end();
        return { content: [{ type: 'text', text: 'opened by ' + word }] };
      }));
    return server;
  }
`;
const STDIO = `
  import { serveStdio } from '@modelcontextprotocol/server/stdio';
  import { makeServer } from './makeServer.mjs';
  serveStdio(makeServer);
`;
const HTTP = `
  import { createServer } from 'node:http';
  import { toNodeHandler } from '@modelcontextprotocol/node';
  import { createMcpHandler } from '@modelcontextprotocol/server';
  import { makeServer } from './makeServer.mjs';
  const server = createServer(toNodeHandler(createMcpHandler(makeServer)));
  server.listen(0, '127.0.0.1', () => process.stdout.write('http://127.0.0.1:' + server.address().port + '/\\n'));
`;
const SECRET = 'correct horse battery staple';

describe('handoff-otel watch', () => {
  let folder: string;
  const program = (name: string): string => join(folder, name);

  beforeAll(() => {
    mkdirSync('.cache', { recursive: true });
    folder = mkdtempSync('.cache/watch-');
    for (const [name, source] of Object.entries({ 'makeServer.mjs': MAKE_SERVER, 'stdio.mjs': STDIO, 'http.mjs': HTTP })) {
      writeFileSync(program(name), source);
    }
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('stands in for a stdio server: the client is answered, and the traces are on stderr while it runs', async () => {
    const args = [cli, 'watch', '--', process.execPath, program('stdio.mjs')];
    const transport = new StdioClientTransport({ command: process.execPath, args, env: serverEnv({}), stderr: 'pipe' });
    const stderr = textOf(transport.stderr ?? undefined);
    const client = new Client({ name: 'e2e', version: '1' });
    await client.connect(transport);
    const { content } = await client.callTool({ name: 'open', arguments: { word: SECRET } });
    expect(content).toEqual([{ type: 'text', text: `opened by ${SECRET}` }]);
    await expect.poll(stderr, { timeout: 20_000 }).toMatch(/^▸ tools\/call open +[━╸╺╍╋]+.* ms$/mu);
    expect(stderr()).toMatch(/^trace [0-9a-f]{32} · 2 spans · .* ms\nstdio \(pid \d+\)\n/mu);
    expect(stderr()).toMatch(/^└─• turn the lock .* ✗$/mu);
    expect(stderr()).toMatch(/^▸ initialize {2}[\d.]+ ms$/mu);
    await client.close();
    expect(stderr()).not.toContain('horse');
    expect(stderr()).not.toContain('\u001b');
  });

  it('shows the traces of an HTTP server, passes SIGTERM on to it and ends by it', async () => {
    const { child, stdout, stderr } = start(['watch', process.execPath, program('http.mjs')]);
    await expect.poll(stdout, { timeout: 20_000 }).toMatch(/^http:/u);
    const client = new Client({ name: 'e2e', version: '1' });
    await client.connect(new StreamableHTTPClientTransport(new URL(stdout().trim())));
    await client.callTool({ name: 'open', arguments: { word: SECRET } });
    await client.close();
    await expect.poll(stderr, { timeout: 20_000 }).toMatch(/▸ tools\/call open/u);
    expect(child.kill('SIGTERM')).toBe(true);
    expect(await once(child, 'close')).toEqual([null, 'SIGTERM']);
    expect(stdout()).toMatch(/^http:.*\n$/u);
  });

  it('shows the last trace of a program that ends by process.exit(), and ends with its code', () => {
    writeFileSync(
      program('exits.mjs'),
      `import { trace } from '@opentelemetry/api'; trace.getTracer('t').startSpan('the last one').end(); process.exit(7);`,
    );
    const { status, stdout, stderr } = run(['watch', process.execPath, program('exits.mjs')]);
    expect(stderr).toMatch(/^• the last one {2}[\d.]+ \S+\n$/u);
    expect({ status, stdout }).toEqual({ status: 7, stdout: '' });
  });

  it('shows the last spans of a server below a runner that Ctrl-C ends at once', async () => {
    writeFileSync(program('package.json'), JSON.stringify({ type: 'module', scripts: { dev: `"${process.execPath}" slow.mjs` } }));
    writeFileSync(
      program('slow.mjs'),
      `import { trace } from '@opentelemetry/api';
       process.on('SIGINT', () => setTimeout(() => { trace.getTracer('t').startSpan('the last one').end(); process.exit(); }, 100));
       setInterval(() => {}, 1000);
       process.stdout.write('READY');`,
    );
    const { child, stdout, stderr } = start(['watch', process.execPath, '--run', 'dev'], { cwd: folder, detached: true });
    await expect.poll(stdout, { timeout: 20_000 }).toContain('READY');
    process.kill(-Number(child.pid), 'SIGINT');
    expect(await once(child, 'close')).toEqual([null, 'SIGINT']);
    expect(stderr()).toMatch(/^• the last one {2}[\d.]+ \S+\n$/u);
  });

  it('leaves the options of the program alone, and says when nothing was to be seen', () => {
    const { status, stdout, stderr } = run(['watch', '--', process.execPath, '--help']);
    expect(stdout).toContain('Usage: node');
    expect(stderr).toContain('no span arrived');
    expect(status).toBe(0);
  });

  it('has help of its own, and refuses a program that is not there, or not named', () => {
    expect(run(['watch', '--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('handoff-otel watch [--] PROGRAM') });
    expect(run(['watch'])).toMatchObject({ status: 2, stderr: expect.stringContaining('Name the program to watch') });
    const absent = run(['watch', 'no-such-program']);
    expect(absent).toMatchObject({ status: 1, stderr: expect.stringContaining('no-such-program could not be started') });
  });
});

interface Started {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

function start(args: readonly string[], options: { readonly cwd?: string; readonly detached?: boolean } = {}): Started {
  const child = spawn(process.execPath, [cli, ...args], { ...options, env: serverEnv({}), stdio: ['pipe', 'pipe', 'pipe'] });
  return { child, stdout: textOf(child.stdout), stderr: textOf(child.stderr) };
}

const run = (args: readonly string[]) =>
  spawnSync(process.execPath, [cli, ...args], { env: serverEnv({}), encoding: 'utf8', timeout: 30_000 });

function textOf(stream: NodeJS.EventEmitter | undefined): () => string {
  let text = '';
  stream?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  return () => text;
}
