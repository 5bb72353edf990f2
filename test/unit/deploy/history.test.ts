import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sources } from '../../../dashboards/src/panels/variables.js';
import { PLUGINS } from '../../../dashboards/src/render/queries.js';
import { compose, mountsOf, read, root, yaml, type Yaml } from './composeFile.js';

const file = yaml('deploy/compose/history.yaml');
const [source] = yaml('dashboards/provisioning/history/datasource.yaml').datasources;
const services: readonly (readonly [string, Yaml])[] = Object.entries<Yaml>(file.services);

describe('deploy/compose/history.yaml', () => {
  it('mounts only what is in the repository, and leaves it as it is', () => {
    const mounts = services.flatMap(([, service]) => mountsOf(service));
    expect(mounts).toHaveLength(3);
    for (const [path = '', , mode] of mounts) expect([path, existsSync(join(root, path)), mode]).toEqual([path, true, 'ro']);
  });

  it('adds to services, networks and secrets that are there, and takes nothing from Grafana', () => {
    const { grafana } = compose.services;
    expect(file.services.grafana.networks).toEqual(expect.arrayContaining(grafana.networks));
    expect(file.services.grafana.secrets).toEqual(expect.arrayContaining(grafana.secrets));
    for (const [name, { networks, secrets }] of services) {
      for (const network of networks) expect(Object.keys(compose.networks), name).toContain(network);
      for (const secret of secrets) expect({ ...compose.secrets, ...file.secrets }, name).toHaveProperty(secret);
    }
  });

  it('has a secret that secrets.sh makes', () => {
    expect(Object.keys(file.secrets)).toEqual(['postgres_reader_password']);
    expect(file.secrets.postgres_reader_password.file).toBe('deploy/compose/secrets/postgres_reader_password');
    expect(read('deploy/compose/secrets.sh')).toContain('random | keep postgres_reader_password\n');
  });
});

describe('deploy/compose/history-reader.sh', () => {
  it("gives the role a password of somebody's own, whatever is in it", () => {
    const folder = mkdtempSync(join(tmpdir(), 'reader-'));
    // Stands for the client of PostgreSQL, which gets the statements by stdin.
    writeFileSync(join(folder, 'psql'), '#!/bin/sh\ncat\n', { mode: 0o755 });
    writeFileSync(join(folder, 'postgres_password'), 'any');
    writeFileSync(join(folder, 'postgres_reader_password'), String.raw`it's "100 %s" \ done`);
    writeFileSync(join(folder, 'reader.sql'), '');
    const script = read('deploy/compose/history-reader.sh')
      .replaceAll('/run/secrets/', `${folder}/`)
      .replace(' /reader.sql', ` ${folder}/reader.sql`);
    const statements = execFileSync('sh', ['-c', script], { encoding: 'utf8', env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` } });
    rmSync(folder, { recursive: true });
    expect(statements).toContain(String.raw`ALTER ROLE handoff_reader PASSWORD 'it''s "100 %s" \ done';`);
  });
});

describe('the data source of the rollups', () => {
  it('is the one that the board takes by default, and logs in as the role that may read', () => {
    expect(source).toMatchObject({ uid: sources.postgres.source, type: PLUGINS.postgres, user: 'handoff_reader' });
    expect(source.secureJsonData.password).toBe('$__file{/run/secrets/postgres_reader_password}');
    const [host, port] = source.url.split(':');
    expect([Object.keys(compose.services).includes(host), port]).toEqual([true, '5432']);
    expect(source.jsonData.database).toBe(compose.services.postgres.environment.POSTGRES_DB);
  });

  it('opens fewer connections than the role may have', () => {
    const [, limit] = /CONNECTION LIMIT (\d+)/.exec(read('dashboards/provisioning/history/reader.sql')) ?? [];
    expect(source.jsonData.maxOpenConns).toBeLessThan(Number(limit));
  });
});
