import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MissingPeerError } from '../../../../src/errors/missingPeerError.js';
import { loadPeer, peerInstallSpecs } from '../../../../src/handoff/storage/loadPeer.js';

const importOf = (specifier: string) => async (): Promise<object> => (await import(/* @vite-ignore */ specifier)) as object;
const notFound = (what: string): Error =>
  Object.assign(new Error(`Cannot find package '${what}' imported from /app/x.js`), { code: 'ERR_MODULE_NOT_FOUND' });

describe('loadPeer', () => {
  it('gives the package when it is installed', async () => {
    expect(typeof (await loadPeer('pg')).Pool).toBe('function');
  });

  it('names the install command when the package is missing', async () => {
    const attempt = loadPeer('pg', () => Promise.reject(notFound('pg')));
    await expect(attempt).rejects.toThrow(MissingPeerError);
    await expect(attempt).rejects.toMatchObject({ code: 'HANDOFF_MISSING_PEER', data: { packageName: 'pg', install: 'npm install pg@8' } });
    await expect(attempt).rejects.toThrow('Run: npm install pg@8');
  });

  it('recognises the error Node really raises', async () => {
    const real = await importOf('a-package-nobody-has')().catch((error: unknown) => error);
    expect(real).toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
    expect((real as Error).message).toContain("'a-package-nobody-has'");
  });

  it('does not blame the package when one of its own dependencies is missing', async () => {
    await expect(loadPeer('pg', () => Promise.reject(notFound('pg-pool')))).rejects.not.toBeInstanceOf(MissingPeerError);
  });

  it('recommends the major versions this package is developed with', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const versions = { ...manifest['devDependencies'], ...manifest['dependencies'] };
    for (const [name, spec] of Object.entries(peerInstallSpecs)) {
      const recommended = spec.slice(name.length + 1);
      expect(`${versions[name]}.`, name).toMatch(new RegExp(`^${recommended.replaceAll('.', String.raw`\.`)}\\.`));
    }
  });
});
