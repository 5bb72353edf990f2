import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import type { RolldownPluginOption } from 'rolldown';
import type { Bootstrap } from '../bootstraps/bootstrap.js';

const ROOT = join(import.meta.dirname, '../../..');
const PEERS = join(import.meta.dirname, '../peers');

export function peerFolder(name: string): string {
  return join(PEERS, name);
}

/** A folder as a user's project would be: the package and the libraries in `node_modules`, set-up files beside the program. */
export class Project {
  readonly folder: string;
  readonly #bootstrap: Bootstrap;
  #programs = 0;

  /** @param built folder of our package with `dist`. */
  constructor(bootstrap: Bootstrap, built: string) {
    this.#bootstrap = bootstrap;
    this.folder = mkdtempSync(join(tmpdir(), `boot-${bootstrap.name}-`));
    if (bootstrap.name === 'ours') this.#linkOurs(built);
    else symlinkSync(join(peerFolder(bootstrap.name), 'node_modules'), join(this.folder, 'node_modules'));
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ name: 'app', version: '1.0.0', private: true }));
    for (const [name, text] of Object.entries(bootstrap.files)) writeFileSync(join(this.folder, name), text);
  }

  /** Path of a new file with this text. */
  write(text: string, extension: string): string {
    const file = join(this.folder, `program${(this.#programs += 1)}.${extension}`);
    writeFileSync(file, text);
    return file;
  }

  /** One file of a program and its libraries; the package itself, and what OpenTelemetry shares, stay outside. */
  async bundle(text: string): Promise<string> {
    const plugin = this.#bootstrap.bundlerPlugin;
    const plugins =
      plugin === undefined
        ? []
        : [(await import(this.write(`export const plugin = ${plugin};`, 'mjs'))) as { plugin: RolldownPluginOption }].map(
            (module) => module.plugin,
          );
    const build = await rolldown({
      input: this.write(text, 'mjs'),
      platform: 'node',
      external: [
        '@opentelemetry/api',
        this.#bootstrap.npm,
        /^@opentelemetry\//,
        /^@sentry\//,
        /^@elastic\//,
        'autotel',
        'pg-native',
        'handoff-otel',
      ],
      logLevel: 'silent',
      plugins,
    });
    const file = join(this.folder, `bundle${(this.#programs += 1)}.mjs`);
    await build.write({ file, format: 'esm', codeSplitting: false });
    return file;
  }

  /** Links in it are removed, not what they lead to. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #linkOurs(built: string): void {
    const modules = join(this.folder, 'node_modules');
    mkdirSync(join(modules, '@opentelemetry'), { recursive: true });
    symlinkSync(built, join(modules, 'handoff-otel'));
    for (const name of ['pg', 'pg-cursor', 'pg-pool', 'ioredis', 'pino'])
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    for (const name of readdirSync(join(ROOT, 'node_modules/@opentelemetry')))
      symlinkSync(join(ROOT, 'node_modules/@opentelemetry', name), join(modules, '@opentelemetry', name));
  }
}
