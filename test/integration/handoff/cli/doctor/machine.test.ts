import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openEmbeddedDatabase } from '../../../../../src/handoff/storage/embedded/openEmbeddedDatabase.js';
import { systemClock } from '../../../../../src/time/clock.js';
import { runningAsRoot } from '../../../../setup/unprivileged.js';
import { finding, runDoctor } from './runDoctor.js';

/** An embedded database is made from nothing here, which takes several seconds of one core, and many on a busy machine. */
const FIRST_START_MS = 240_000;

let work: string;
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'handoff-doctor-'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

describe('the data folder', () => {
  it('cannot be written', async () => {
    const folder = join(work, 'denied');
    // Root may write every folder, but not below a file.
    if (runningAsRoot()) writeFileSync(folder, '');
    else {
      mkdirSync(folder);
      chmodSync(folder, 0o500);
    }
    const found = await finding('data_folder.writable', { HANDOFF_DATA_DIR: join(folder, 'data') });
    expect(found).toMatchObject({
      verdict: 'failure',
      says: expect.stringMatching(/^This user may not write .*denied.* \((?:EACCES|ENOTDIR)\)\.$/u),
    });
    expect(found.remedy).toContain('set HANDOFF_DATA_DIR to another folder');
  });

  it('is damaged', async () => {
    const folder = join(work, 'damaged');
    mkdirSync(join(folder, 'embedded', 'pgdata'), { recursive: true });
    const found = await finding('data_folder.writable', { HANDOFF_DATA_DIR: folder });
    expect(found).toMatchObject({ verdict: 'failure', says: expect.stringContaining('The embedded database is damaged') });
    expect(found.remedy).toContain('Put a backup of the folder embedded in its place');
  });

  it('is held by a process that is suspended', async () => {
    const folder = join(work, 'suspended');
    mkdirSync(join(folder, 'embedded'), { recursive: true });
    const program = `
      import { recordOwner } from './src/handoff/storage/embedded/ownerRecord.ts';
      recordOwner(${JSON.stringify(join(folder, 'embedded'))});
      process.stdout.write('recorded');
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--import', './tools/resolveSource.mjs', '--input-type=module', '-e', program]);
    try {
      await once(child.stdout, 'data');
      child.kill('SIGSTOP');
      await expect
        .poll(() => finding('data_folder.owner', { HANDOFF_DATA_DIR: folder }))
        .toEqual({
          verdict: 'failure',
          says: `Process ${child.pid} has the embedded database and is suspended, so that nobody can use it.`,
          remedy: `Resume it (kill -CONT ${child.pid}), or end it with kill -KILL ${child.pid}: another process takes over.`,
        });
    } finally {
      child.kill('SIGKILL');
    }
  });

  it(
    'is shared by a server that runs, and stays as it is',
    async () => {
      const folder = join(work, 'shared');
      const database = await openEmbeddedDatabase(
        { dataDir: folder, poolSize: 2 },
        { clock: systemClock, random: Math.random, onConnectionLost: () => undefined },
      );
      try {
        await database.query({ name: 'one', text: 'SELECT 1' });
        const before = readdirSync(join(folder, 'embedded'));
        const results = await runDoctor(['data_folder.'], { HANDOFF_DATA_DIR: folder });
        expect([...results.values()].flat().filter(({ verdict }) => verdict === 'failure')).toEqual([]);
        expect(results.get('data_folder.owner')?.[0]?.says).toMatch(/^A server has the embedded database open and shares it/u);
        expect(readdirSync(join(folder, 'embedded'))).toEqual(before);
        expect(await database.query({ name: 'two', text: 'SELECT 2 AS two' })).toEqual([{ two: 2 }]);
      } finally {
        await database.close();
      }
    },
    FIRST_START_MS,
  );

  it('is not made by looking', async () => {
    const folder = join(work, 'absent');
    const results = await runDoctor(['data_folder.', 'archive.'], { HANDOFF_DATA_DIR: folder });
    expect([...results.values()].flat().some(({ verdict }) => verdict === 'failure')).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });
});

describe('the archive', () => {
  it('takes an object, which is removed again, when that is asked for', async () => {
    const folder = join(work, 'archive');
    const found = await finding('archive.probe', { HANDOFF_ARCHIVE_DIR: folder }, { probeArchive: true });
    expect(found).toEqual({ verdict: 'fine', says: 'An object was put into the archive, read back and removed.' });
    expect(existsSync(folder)).toBe(false);
  });

  it('cannot be written', async () => {
    const inTheWay = join(work, 'file');
    writeFileSync(inTheWay, '');
    const env = { HANDOFF_ARCHIVE_DIR: join(inTheWay, 'archive') };
    expect(await finding('archive.probe', env, { probeArchive: true })).toMatchObject({
      verdict: 'failure',
      says: 'The archive failed at put (Error).',
      remedy: expect.stringContaining('HANDOFF_ARCHIVE_DIR'),
    });
    expect(await finding('archive.reach', env)).toMatchObject({
      verdict: 'failure',
      says: expect.stringContaining('The archive cannot be used'),
    });
  });
});

describe('a port', () => {
  async function taken(): Promise<string> {
    server = createServer((_request, response) => response.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return String((server.address() as AddressInfo).port);
  }

  it.each([
    ['ports.http', 'HANDOFF_HTTP_PORT', 'failure'],
    ['ports.admin', 'HANDOFF_ADMIN_PORT', 'warning'],
  ])('that another program has: %s', async (name, variable, verdict) => {
    const port = await taken();
    const found = await finding(name, { [variable]: port });
    expect(found).toMatchObject({ verdict, remedy: `End that program, or set ${variable} to a free port.` });
    expect(found.says).toContain(`on 127.0.0.1:${port}: another program`);
    if (process.platform === 'linux') expect(found.says).toContain(`(process ${process.pid}, `);
  });

  it('on an address that is not of this machine', async () => {
    const found = await finding('ports.http', { HANDOFF_HTTP_HOST: '192.0.2.1' });
    expect(found).toMatchObject({ verdict: 'failure', says: '192.0.2.1 is not an address of this machine (EADDRNOTAVAIL).' });
  });

  it('that the server would want twice', async () => {
    const port = await taken();
    server?.close();
    for (const hosts of [{}, { HANDOFF_HTTP_HOST: '0.0.0.0' }]) {
      const found = await finding('ports.admin', { HANDOFF_HTTP_PORT: port, HANDOFF_ADMIN_PORT: port, ...hosts });
      expect(found).toMatchObject({ verdict: 'warning', remedy: 'Set HANDOFF_ADMIN_PORT to another port.' });
    }
  });

  it('is not looked at for a server on stdio', async () => {
    const results = await runDoctor(['ports.', 'server.'], {}, { stdio: true });
    expect([...results.values()]).toEqual([[], [], []]);
  });
});

describe('logs.stdout', () => {
  it('tells what is loaded before the server and speaks', async () => {
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent("console.log('loaded .env')")}` };
    expect(await finding('logs.stdout', env)).toMatchObject({
      verdict: 'failure',
      says: String.raw`A program that does nothing prints on stdout: "loaded .env\n".`,
      remedy: expect.stringContaining('NODE_OPTIONS'),
    });
  });
});

describe('settings', () => {
  it('tells unknown variables and the names that they are near', async () => {
    const env = { HANDOFF_HTTP_PROT: '3000', HANDOFF_COLOUR: 'red', REDIS_URI: 'redis://h', DATABASE_URL_OLD: 'x' };
    const findings = (await runDoctor(['settings.unknown'], env)).get('settings.unknown');
    expect(findings?.map(({ says, remedy }) => [says, remedy])).toEqual([
      ['HANDOFF_HTTP_PROT is not a setting and has no effect.', 'Did you mean HANDOFF_HTTP_PORT?'],
      ['HANDOFF_COLOUR is not a setting and has no effect.', 'Remove it; docs/configuration.md lists all settings.'],
      ['REDIS_URI has no effect here.', 'Did you mean REDIS_URL?'],
    ]);
  });

  it('tells values that cannot be used, and settings that contradict each other', async () => {
    const env = { HANDOFF_HTTP_PORT: 'many', REDIS_SENTINELS: 'a:1', REDIS_URL: 'redis://b', DATABASE_URL: 'postgres://u:p@h/d' };
    const results = await runDoctor(['settings.values', 'settings.contradictions', 'ports.http'], env);
    expect(results.get('settings.values')).toEqual([
      {
        verdict: 'failure',
        says: 'HANDOFF_HTTP_PORT: "many" was given.',
        remedy: 'Set HANDOFF_HTTP_PORT to a whole number from 0 to 65535 (port).',
      },
    ]);
    expect(results.get('settings.contradictions')).toMatchObject([
      { verdict: 'warning', says: 'REDIS_SENTINELS is used. REDIS_URL has no effect.' },
    ]);
    expect(results.get('ports.http')).toMatchObject([{ verdict: 'skipped' }]);
  });

  it('are read from the configuration file too, and one that cannot be used is told', async () => {
    const file = join(work, 'settings.json');
    writeFileSync(file, JSON.stringify({ HANDOFF_HTTP_PORT: 'many' }), { mode: 0o600 });
    const named = await runDoctor(['settings.values', 'settings.secret_files'], { HANDOFF_CONFIG_FILE: file });
    expect(named.get('settings.values')).toMatchObject([{ verdict: 'failure', says: 'HANDOFF_HTTP_PORT: "many" was given.' }]);
    expect(named.get('settings.secret_files')).toMatchObject([{ verdict: 'fine' }]);
    writeFileSync(file, '{ not JSON');
    const broken = await runDoctor(['settings.values', 'ports.http'], { HANDOFF_CONFIG_FILE: file, HANDOFF_HTTP_PORT: '0' });
    expect(broken.get('settings.values')).toMatchObject([{ verdict: 'failure', says: expect.stringMatching(/^HANDOFF_CONFIG_FILE/u) }]);
    expect(broken.get('ports.http')).toMatchObject([{ verdict: 'fine' }]);
  });

  it('tells files with secrets that others may read, or that are not there', async () => {
    const open = join(work, 'open.key');
    writeFileSync(open, 'secret', { mode: 0o644 });
    chmodSync(open, 0o644);
    const env = { OTEL_EXPORTER_OTLP_CLIENT_KEY: open, PGPASSFILE: join(work, 'absent') };
    const findings = (await runDoctor(['settings.secret_files'], env)).get('settings.secret_files');
    expect(findings).toEqual([
      expect.objectContaining({ verdict: 'failure', says: 'PGPASSFILE names a file that cannot be read (ENOENT).' }),
      { verdict: 'warning', says: `Other users of this machine may use ${open}, which holds secrets.`, remedy: `Run chmod 600 ${open}.` },
    ]);
  });

  it.each(['HANDOFF_ALERTMANAGER_BEARER_TOKEN_FILE', 'HANDOFF_ALERTMANAGER_BASIC_AUTH_FILE'])('looks at the file of %s', async (name) => {
    const findings = (await runDoctor(['settings.secret_files'], { [name]: join(work, 'absent') })).get('settings.secret_files');
    expect(findings).toMatchObject([{ verdict: 'failure', says: `${name} names a file that cannot be read (ENOENT).` }]);
  });
});
