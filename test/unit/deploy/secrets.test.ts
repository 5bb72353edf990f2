import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compose, read, root, services, yaml, type Yaml } from './composeFile.js';

let folder = '';
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'secrets-')), 'made');
});
afterEach(() => {
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const make = (): string => execFileSync('sh', [join(root, 'deploy/compose/secrets.sh'), folder], { encoding: 'utf8' });
const secret = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('deploy/compose/secrets.sh', () => {
  it('makes every secret of the Compose files, readable in a folder that only its owner may enter', () => {
    make();
    const wanted = Object.values<{ file: string }>({ ...compose.secrets, ...yaml('deploy/compose/history.yaml').secrets }).map(({ file }) =>
      basename(file),
    );
    expect(readdirSync(folder).sort()).toEqual(wanted.sort());
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of wanted) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o444);
  });

  it('gives the server the password of the database, and a token of its own', () => {
    make();
    const variables = parseEnv(secret('handoff_env'));
    expect(new URL(variables['DATABASE_URL'] ?? '').password).toBe(secret('postgres_password'));
    expect(variables['HANDOFF_HTTP_BEARER_TOKEN']).toMatch(/^[0-9a-f]{48}$/);
    const { POSTGRES_USER: user, POSTGRES_DB: database } = compose.services.postgres.environment;
    expect(variables['DATABASE_URL']).toMatch(new RegExp(`^postgres://${user}:[0-9a-f]{48}@postgres:5432/${database}$`));
  });

  it.each(['p@ss/w?rd#%1 é', '$HOME `id` "\'\\', 'plain-1.~_\n'])("takes a password of somebody's own: %j", (password) => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'postgres_password'), password);
    make();
    const { DATABASE_URL: address = '' } = parseEnv(secret('handoff_env'));
    const { hostname, password: encoded, pathname } = new URL(address);
    expect([hostname, decodeURIComponent(encoded), pathname]).toEqual(['postgres', password.trimEnd(), '/handoff']);
  });

  it('makes others the next time, and changes none that is there', () => {
    make();
    const first = secret('postgres_password');
    rmSync(join(folder, 'grafana_admin_password'));
    writeFileSync(join(folder, 'grafana_admin_password'), 'mine');
    expect(make()).toBe('');
    expect([secret('postgres_password'), secret('grafana_admin_password')]).toEqual([first, 'mine']);
    rmSync(folder, { recursive: true });
    make();
    expect(secret('postgres_password')).not.toBe(first);
  });

  it('sends notifications to where they are printed, until somebody says otherwise', () => {
    make();
    const { command } = compose.services['alert-log'];
    const port = command[command.indexOf('-p') + 1];
    expect(statSync(join(root, 'deploy/compose/alert-log/cgi-bin/notify')).mode & 0o111).toBe(0o111);
    for (const receiver of ['page', 'ticket', 'dead_mans_switch']) {
      expect(secret(`alertmanager_${receiver}_url`)).toBe(`http://alert-log:${port}/cgi-bin/notify/${receiver}`);
    }
  });
});

describe('secrets', () => {
  it('are files outside of the repository', () => {
    expect(read('.gitignore').split('\n')).toContain('/deploy/compose/secrets/');
    for (const { file } of Object.values<{ file: string }>(compose.secrets)) expect(file).toMatch(/^deploy\/compose\/secrets\/\w+$/);
  });

  it('go to services as files, and none is in an environment', () => {
    const used = new Set(
      services.flatMap(([, { secrets = [] }]) =>
        secrets.map((secret: string | { source: string }) => (typeof secret === 'string' ? secret : secret.source)),
      ),
    );
    expect(used).toEqual(new Set(Object.keys(compose.secrets)));
    for (const [name, { environment = {} }] of services) {
      const suspicious = Object.keys(environment).filter((key) => /PASSWORD|TOKEN|SECRET|DATABASE_URL/.test(key) && !/_FILE$/.test(key));
      expect({ name, suspicious }).toEqual({ name, suspicious: [] });
    }
  });

  it('are where the services look for them', () => {
    const { postgres, grafana, handoff } = compose.services;
    expect(postgres.environment.POSTGRES_PASSWORD_FILE).toBe(`/run/secrets/${postgres.secrets[0]}`);
    expect(grafana.environment.GF_SECURITY_ADMIN_PASSWORD__FILE).toBe(`/run/secrets/${grafana.secrets[0]}`);
    expect(handoff.command).toContain(`--env-file=/run/secrets/${handoff.secrets[0]}`);
    const { receivers } = yaml('dashboards/alerts/alertmanager.yaml');
    const files: string[] = receivers.flatMap(({ webhook_configs: hooks = [] }: Yaml) => hooks.map(({ url_file: file }: Yaml) => file));
    const mounted = compose.services.alertmanager.secrets;
    expect(mounted).toEqual(files.map((file) => ({ source: `alertmanager_${basename(file)}`, target: file })));
  });
});
