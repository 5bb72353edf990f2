import { ConfigError } from '../../../errors/configError.js';
import type { ConfigProblem } from '../../../errors/configError.js';
import type { ReloadEffect, ReloadOutcome } from '../../../telemetry/catalogue/reloads.js';
import { textOf } from '../../../variables/reader.js';
import type { Env } from '../../../variables/reader.js';
import { mergedEnv, parseConfigFile, setByEnv, unreadableFile } from '../configFile.js';
import { resolveConfig } from '../resolve.js';
import { changesOf, isReloadable, isSame } from './changes.js';
import type { SettingChange, SettingName, Settings } from './changes.js';
import type { AuditedChange, ReloadActor, ReloadReports } from './reloadReports.js';

export interface ConfigReloadOptions {
  /** The environment of the process, without what the file adds. */
  readonly env: Env;
  /** The settings that are in effect. */
  readonly settings: Settings;
  /** Reads the file that the environment names. May fail. */
  readonly read: () => Promise<string>;
  readonly reports: ReloadReports;
}

/** Where changes of settings come from: whoever uses a setting that can change listens here. */
export interface Reload {
  /**
   * Has `apply` called with all settings when one of `names` has changed, after all were found valid. It must take effect whole or throw.
   * Returns what ends it.
   */
  onChange(names: SettingName | readonly SettingName[], apply: (settings: Settings) => void): () => void;
  /** Reads the file again. Resolves with what became of it; never rejects. */
  reload(actor: ReloadActor): Promise<ReloadOutcome>;
}

interface Listener {
  readonly names: ReadonlySet<SettingName>;
  readonly apply: (settings: Settings) => void;
}

/**
 * Brings a running server in line with its configuration file. The file is validated whole, as at the start, before anything changes; a
 * file that cannot be used changes nothing. Each change is reported and kept, also one that has to wait for a restart.
 */
export class ConfigReload implements Reload {
  readonly #options: ConfigReloadOptions;
  readonly #listeners = new Set<Listener>();
  /** What is in effect, and what the file said last: they differ in what needs a restart. */
  #running: Settings;
  #seen: Settings;
  #last: Promise<unknown> = Promise.resolve();
  /** Keeps what has changed. Must not throw. */
  onAudit: (change: AuditedChange) => void = () => undefined;

  constructor(options: ConfigReloadOptions) {
    this.#options = options;
    this.#running = options.settings;
    this.#seen = options.settings;
  }

  onChange(names: SettingName | readonly SettingName[], apply: (settings: Settings) => void): () => void {
    const listener: Listener = { names: new Set(typeof names === 'string' ? [names] : names), apply };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One after the other: two at a time could apply an older text last. */
  reload(actor: ReloadActor): Promise<ReloadOutcome> {
    const next = this.#last.then(() => this.#reload(actor));
    this.#last = next;
    return next;
  }

  async #reload(actor: ReloadActor): Promise<ReloadOutcome> {
    const { reports, env } = this.#options;
    let settings: Settings;
    let file: Env;
    try {
      file = parseConfigFile(await this.#options.read());
      ({ settings } = resolveConfig(mergedEnv(env, file)));
    } catch (error) {
      reports.refused(actor, problemsIn(error));
      return 'refused';
    }
    const changes = changesOf(this.#seen, settings);
    this.#seen = settings;
    if (changes.length === 0) {
      reports.unchanged(actor, overruled(env, file));
      return 'unchanged';
    }
    const effects = this.#apply(changes, settings);
    for (const change of changes) {
      const audited: AuditedChange = { ...change, actor, effect: effects.get(change.name) ?? 'needs_restart' };
      reports.changed(audited);
      this.onAudit(audited);
    }
    reports.applied();
    return 'applied';
  }

  #apply(changes: readonly SettingChange[], settings: Settings): ReadonlyMap<SettingName, ReloadEffect> {
    const effects = new Map<SettingName, ReloadEffect>();
    const usable = new Set(changes.map(({ name }) => name).filter(isReloadable));
    // Settings that need a restart keep the value that is in effect, also for those who look at all of them.
    const next = { ...this.#running, ...Object.fromEntries([...usable].map((name) => [name, settings[name]])) } as Settings;
    for (const { names, apply } of this.#listeners) {
      const concerned = [...usable].filter((name) => names.has(name));
      if (concerned.length === 0) continue;
      const effect = attempt(() => apply(next)) ? 'applied' : 'failed';
      for (const name of concerned) if (effects.get(name) !== 'failed') effects.set(name, effect);
    }
    for (const { name } of changes) if (!usable.has(name) && isSame(this.#running[name], settings[name])) effects.set(name, 'applied');
    this.#running = next;
    return effects;
  }
}

function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

/** Settings of the file that the environment sets to something else. */
function overruled(env: Env, file: Env): readonly string[] {
  return setByEnv(env, file).filter((name) => textOf(env, name) !== file[name]?.trim());
}

function problemsIn(error: unknown): readonly ConfigProblem[] {
  if (error instanceof ConfigError) return error.data.problems;
  return [unreadableFile(error)];
}
