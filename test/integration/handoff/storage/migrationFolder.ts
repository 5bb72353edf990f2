import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { packagedMigrations } from '../../../../src/handoff/storage/migrate/packagedMigrations.js';

/** A migrations folder of a test's own. */
export class MigrationFolder {
  readonly url: URL;
  readonly #path: string;

  /** @param files further or other files, by name */
  constructor(files: Readonly<Record<string, string>> = {}, options: { readonly withPackaged?: boolean } = {}) {
    this.#path = mkdtempSync(join(tmpdir(), 'handoff-migrations-'));
    this.url = pathToFileURL(`${this.#path}/`);
    if (options.withPackaged === true) cpSync(fileURLToPath(packagedMigrations()), this.#path, { recursive: true });
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.#path, name), text);
  }

  remove(name: string): void {
    rmSync(join(this.#path, name));
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { recursive: true });
  }
}
