import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { profiles, root, servicesOf, variables } from '../unit/deploy/composeFile.js';
import { goPrograms } from './goPrograms.js';

/** What Compose's own parser makes of the file, as far as the tests look at it. */
interface Project {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}
interface Service {
  readonly image: string;
  readonly volumes?: readonly { readonly type: string; readonly source: string; readonly read_only?: boolean }[];
}

let composefile = '';
beforeAll(async () => {
  ({ composefile } = await goPrograms());
});

function load(...wanted: string[]): Project {
  const { status, stdout, stderr } = spawnSync(composefile, [join(root, 'docker-compose.yml'), ...wanted], {
    env: { PATH: process.env['PATH'] },
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  // A variable without a value is a warning there.
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Project;
}

describe('docker-compose.yml as Compose reads it', () => {
  it.each(profiles)('%s starts the services that the other tests look at, from the images of .env', (profile) => {
    const { services } = load(profile);
    expect(Object.keys(services).sort()).toEqual(
      servicesOf(profile)
        .map(([name]) => name)
        .sort(),
    );
    for (const [name, { image }] of Object.entries(services))
      expect([name, Object.values(variables)]).toEqual([name, expect.arrayContaining([image])]);
  });

  it('starts what .env says when nobody says anything', () => {
    const byDefault = variables['COMPOSE_PROFILES'] ?? '';
    expect(Object.keys(load().services)).toEqual(Object.keys(load(byDefault).services));
  });

  it.each(profiles)('%s mounts what exists, and nothing of the repository writable', (profile) => {
    for (const [name, { volumes = [] }] of Object.entries(load(profile).services)) {
      for (const { source, read_only: readOnly } of volumes.filter(({ type }) => type === 'bind')) {
        expect({ name, source, exists: existsSync(source), readOnly }).toEqual({ name, source, exists: true, readOnly: true });
      }
    }
  });

  it('looks for its secrets where secrets.sh makes them', () => {
    for (const [name, { file }] of Object.entries(load('full').secrets)) {
      expect(file).toBe(join(root, 'deploy/compose/secrets', name));
      expect(basename(file)).toBe(name);
    }
  });
});
