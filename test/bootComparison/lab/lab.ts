import type { ChildProcess } from 'node:child_process';
import { freePort } from '../../setup/freePort.js';
import type { Bootstrap, Format } from '../bootstraps/bootstrap.js';
import { startCollector } from './collector.js';
import { bundledText, programText } from './program.js';
import type { Order } from './program.js';
import { Project } from './project.js';
import { run } from './run.js';
import type { Seen } from './run.js';
import { BASIC, RICH } from './work.js';

export interface Scenario {
  readonly work: string;
  readonly format?: Format;
  readonly order?: Order;
  readonly before?: string;
  /** Flags before those of the package. */
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly frequent?: boolean;
  readonly collector?: 'ok' | 'hangs' | 'refuses';
  readonly until?: string;
  readonly then?: (child: ChildProcess) => unknown;
  readonly prometheusPort?: number;
  readonly onReport?: (kind: string) => Promise<void>;
}

/** Where rows look at one package. Scenarios that several rows look at run once. */
export class Lab {
  readonly bootstrap: Bootstrap;
  readonly #project: Project;
  readonly #runs = new Map<string, Promise<Seen>>();

  constructor(bootstrap: Bootstrap, built: string) {
    this.bootstrap = bootstrap;
    this.#project = new Project(bootstrap, built);
  }

  /** One query, command and log line, started in that order. */
  basic(format: Format, order: Order): Promise<Seen> {
    return this.once(`${format}, ${order}`, () => this.run({ work: BASIC, format, order, until: 'done' }));
  }

  /** Everything that content and metrics rows look at, under the preload. */
  rich(): Promise<Seen> {
    return this.once('rich', () => this.run({ work: RICH, until: 'done', args: ['--password=qzpasswordqz'] }));
  }

  bundled(): Promise<Seen> {
    return this.once('bundle', async () =>
      this.#runFile(
        await this.#project.bundle(bundledText(this.bootstrap, BASIC)),
        { work: '', until: 'done' },
        this.bootstrap.startInBundle === undefined,
      ),
    );
  }

  run(scenario: Scenario): Promise<Seen> {
    const { format = 'module', order = 'preload', work, before } = scenario;
    const text = programText(this.bootstrap, { format, order, work, ...(before === undefined ? {} : { before }) });
    return this.#runFile(this.#project.write(text, format === 'module' ? 'mjs' : 'cjs'), scenario, order === 'preload');
  }

  once(name: string, start: () => Promise<Seen>): Promise<Seen> {
    const started = this.#runs.get(name) ?? start();
    this.#runs.set(name, started);
    return started;
  }

  /** A file beside the programs. */
  write(text: string, extension: string): string {
    return this.#project.write(text, extension);
  }

  close(): void {
    this.#project.remove();
  }

  async #runFile(
    file: string,
    { flags = [], collector: behaviour = 'ok', prometheusPort = 0, frequent = true, ...rest }: Scenario,
    preloads: boolean,
  ): Promise<Seen> {
    const collector = await startCollector({ hangs: behaviour === 'hangs' });
    const collectorUrl = behaviour === 'refuses' ? `http://127.0.0.1:${await freePort()}` : collector.url;
    try {
      return await run({
        ...rest,
        bootstrap: this.bootstrap,
        file,
        folder: this.#project.folder,
        flags: [...flags, ...(preloads ? this.bootstrap.flags : [])],
        collector,
        collectorUrl,
        prometheusPort,
        frequent,
      });
    } finally {
      await collector.close();
    }
  }
}
