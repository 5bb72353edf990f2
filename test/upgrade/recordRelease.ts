import { readdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

// Keeps the statements of this source for the upgrade proof, at each release:
// `node --import ./tools/resolveSource.mjs test/upgrade/recordRelease.ts 0.2.0`.

const [version = ''] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error('Give the version that is about to be released, such as 0.2.0.');

const root = path.join(import.meta.dirname, '..', '..');
const folder = path.join(root, 'src/handoff/sessions/sql');
const statements: Record<string, string> = {};
for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.ts')) continue;
  const exported = (await import(pathToFileURL(path.join(folder, file)).href)) as Readonly<Record<string, unknown>>;
  for (const value of Object.values(exported)) {
    if (typeof value === 'object' && value !== null && 'name' in value && 'text' in value)
      statements[String(value.name)] = String(value.text);
  }
}
const migrations = readdirSync(path.join(root, 'migrations')).filter((file) => /^\d{6}_/.test(file));
const release = { version, newestMigration: Math.max(...migrations.map((file) => Number(file.slice(0, 6)))), statements };
writeFileSync(path.join(import.meta.dirname, 'releases', `${version}.json`), `${JSON.stringify(release, undefined, 2)}\n`);
