import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

// Keeps the statements of this source for the upgrade proof, under the version in package.json. `npm run release:version` runs it after it
// has set the version of the next release, so that the release after that is proved against it.

const root = path.join(import.meta.dirname, '..', '..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { readonly version: string };
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
const file = path.join(import.meta.dirname, 'releases', `${version}.json`);
const text = `${JSON.stringify(release, undefined, 2)}\n`;
// Servers of a release that is out go on sending what they sent then, whatever this source sends now.
if (existsSync(file) && readFileSync(file, 'utf8') !== text)
  throw new Error(
    `${version} is recorded with other statements. Set the next version first, or delete test/upgrade/releases/${version}.json if ${version} is not published.`,
  );
writeFileSync(file, text);
