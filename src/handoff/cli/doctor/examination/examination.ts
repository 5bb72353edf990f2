import type { Database } from '../../../storage/database.js';
import { systemClock } from '../../../../time/clock.js';
import { telemetrySettings } from '../probes/probeInstrumentation.js';
import { sendProbe } from '../probes/sendProbe.js';
import type { ProbeOutcome } from '../probes/sendProbe.js';
import { Lazy } from './lazy.js';
import { openForReading } from './openForReading.js';
import type { ReadSettings } from './readSettings.js';

/** What the command line asks for. */
export interface DoctorOptions {
  /** The server is started by an MCP client, over stdin and stdout. */
  readonly stdio: boolean;
  /** How many processes use the database, this one included; `undefined` when nobody said. */
  readonly replicas: number | undefined;
  /** Writes an object into the archive, reads it and removes it. */
  readonly probeArchive: boolean;
  /** Where to look whether telemetry has arrived. */
  readonly prometheusUrl: URL | undefined;
  readonly tempoUrl: URL | undefined;
  readonly lokiUrl: URL | undefined;
}

/** A set-up that is looked at: its settings, and connections that several checks share. */
export class Examination {
  readonly env: NodeJS.ProcessEnv;
  readonly options: DoctorOptions;
  readonly read: ReadSettings;
  /** Where the program runs that is looked at. */
  readonly folder: string;
  readonly #database: Lazy<Database>;
  readonly #probe: Lazy<ProbeOutcome | undefined>;

  constructor(read: ReadSettings, options: DoctorOptions, folder: string) {
    this.env = read.env;
    this.read = read;
    this.options = options;
    this.folder = folder;
    this.#database = new Lazy(() => openForReading(read.settings));
    this.#probe = new Lazy(async () => {
      const telemetry = telemetrySettings(read.env, read.settings, options.stdio);
      return telemetry.disabled ? undefined : sendProbe(telemetry, systemClock);
    });
  }

  get settings(): ReadSettings['settings'] {
    return this.read.settings;
  }

  /** Whether the server uses PostgreSQL, or the embedded database. */
  get usesPostgres(): boolean {
    return this.read.namesPostgres;
  }

  /** A database that has answered. Rejects, for each who asks, with why there is none. */
  database(): Promise<Database> {
    return this.#database.get();
  }

  /** A span, a metric point and a log record that were sent once, and what became of them; `undefined` while telemetry is off. */
  probe(): Promise<ProbeOutcome | undefined> {
    return this.#probe.get();
  }

  async close(): Promise<void> {
    const database = await this.#database.opened();
    await database?.close();
  }
}
