import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { foldersOnPathWith } from './unprivileged.js';

const run = promisify(execFile);
/** A mirror that is busy or cuts a download must not fail the tests of a whole run. */
const ATTEMPTS = 3;
const PAUSE_MS = 5_000;

/** Whether this machine has what `PrivateApt` needs. */
export function hasApt(): boolean {
  return ['apt-get', 'apt-cache', 'dpkg-deb'].every((program) => foldersOnPathWith([program]).length > 0);
}

/** The distribution's package manager (signatures checked) with a state of its own: needs no root and changes nothing on the machine. */
export class PrivateApt {
  readonly #home = mkdtempSync(join(tmpdir(), 'handoff-otel-apt-'));
  readonly #config = join(this.#home, 'apt.conf');
  #privateLists = false;
  #listsFetched = false;

  constructor() {
    for (const name of ['cache/archives/partial', 'lists/partial', 'debs']) mkdirSync(join(this.#home, name), { recursive: true });
    this.#configure();
  }

  async unpack(packages: readonly string[], folder: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#unpackOnce(packages, folder);
        return;
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await wait(attempt * PAUSE_MS);
      }
    }
  }

  async #unpackOnce(packages: readonly string[], folder: string): Promise<void> {
    const debs = mkdtempSync(join(this.#home, 'debs', 'set-'));
    try {
      await this.#download(packages, debs);
    } catch (error) {
      if (this.#listsFetched) throw error;
      // The machine's package lists are absent (slim images) or out of date (404): fetch our own.
      this.#privateLists = true;
      this.#configure();
      await run('apt-get', ['-c', this.#config, '-qq', 'update'], { timeout: 180_000 });
      this.#listsFetched = true;
      await this.#download(packages, debs);
    }
    for (const deb of readdirSync(debs)) await run('dpkg-deb', ['-x', join(debs, deb), folder], { timeout: 60_000 });
  }

  /** Library packages that `packages` need, all the way down, without the C library, which must match the running loader. */
  async libraries(packages: readonly string[]): Promise<string[]> {
    const found = new Set<string>();
    for (let next = [...packages]; next.length > 0; ) {
      const { stdout } = await run('apt-cache', ['-c', this.#config, 'depends', '--important', ...next], { timeout: 60_000 });
      next = firstAlternatives(stdout).filter((name) => /^(lib|lua)/.test(name) && !/^libc\d/.test(name) && !found.has(name));
      next = [...new Set(next)];
      for (const name of next) found.add(name);
    }
    return [...found];
  }

  remove(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }

  async #download(packages: readonly string[], into: string): Promise<void> {
    await run('apt-get', ['-c', this.#config, '-q', 'download', ...packages], { cwd: into, timeout: 180_000 });
  }

  #configure(): void {
    const lists = this.#privateLists ? [`Dir::State::lists "${join(this.#home, 'lists')}/";`] : [];
    writeFileSync(
      this.#config,
      [
        `Dir::Cache "${join(this.#home, 'cache')}/";`,
        ...lists,
        'APT::Sandbox::User "";', // else, as root, apt wants our folders open to its own account
        'Acquire::Retries "2";',
        'Acquire::http::Timeout "30";',
        'Acquire::Languages "none";',
        // Hooks of the machine (cache cleaners, desktop catalogues) act outside the private folder.
        ...['Pre-Invoke', 'Post-Invoke', 'Post-Invoke-Success'].map((hook) => `#clear APT::Update::${hook};`),
        '#clear Acquire::IndexTargets::deb::DEP-11;',
        '',
      ].join('\n'),
    );
  }
}

/** Names from `apt-cache depends`: of `a | b` the first, and no virtual packages, which are printed in angle brackets. */
export function firstAlternatives(output: string): string[] {
  let skipNext = false;
  return output.split('\n').flatMap((line) => {
    const match = /^\s*(\|?)(?:Pre)?Depends: ([^<\s]\S*)/.exec(line);
    if (!match) return [];
    const [, bar, name = ''] = match;
    const skipped = skipNext;
    skipNext = bar === '|';
    return skipped ? [] : [name.split(':')[0] ?? name];
  });
}
