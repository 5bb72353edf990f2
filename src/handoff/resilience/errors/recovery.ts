import { resilienceOperations } from '../../../telemetry/catalogue/resilience.js';
import type { Observe } from '../../../telemetry/observe.js';
import { ATTR_HANDOFF_DEPENDENCY } from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import type { Dependency } from '../breakerReports.js';

/** Resolves when the dependency answers as it should. May hang. */
export type Probe = () => Promise<unknown>;

export interface RecoveryDependencies {
  /** Of what this process has. */
  readonly probes: Readonly<Partial<Record<Dependency, Probe>>>;
  readonly observe: Observe;
  readonly clock: Clock;
  /** Uniform in [0, 1); jitter only. */
  readonly random: () => number;
}

const LIMIT_MS = 30_000;
const PROBE_LIMIT_MS = 5000;
const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 5000;

/** Waits for dependencies to come back. */
export class Recovery {
  readonly #deps: RecoveryDependencies;
  readonly #running = new Map<Dependency, Promise<boolean>>();

  constructor(deps: RecoveryDependencies) {
    this.#deps = deps;
  }

  /** Asks until the dependency answers or the time is up. Never rejects. */
  attempt(dependency: Dependency): Promise<boolean> {
    const probe = this.#deps.probes[dependency];
    if (probe === undefined) return Promise.resolve(false);
    const running = this.#running.get(dependency);
    if (running !== undefined) return running;
    const started = this.#deps
      .observe(resilienceOperations.recover.name, { [ATTR_HANDOFF_DEPENDENCY]: dependency }, async (scope) => {
        const isBack = await this.#ask(probe);
        if (!isBack) scope.fail('not_recovered');
        return isBack;
      })
      .finally(() => this.#running.delete(dependency));
    this.#running.set(dependency, started);
    return started;
  }

  async #ask(probe: Probe): Promise<boolean> {
    const { clock, random } = this.#deps;
    const endMs = clock.monotonicMs() + LIMIT_MS;
    for (let pauseMs = FIRST_PAUSE_MS; ; ) {
      if (await this.#answers(probe)) return true;
      const restMs = endMs - clock.monotonicMs();
      if (restMs <= 0) return false;
      await clock.sleep(Math.min(pauseMs, restMs), { unref: true });
      // Decorrelated jitter.
      pauseMs = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS + random() * (3 * pauseMs - FIRST_PAUSE_MS));
    }
  }

  /** A probe that hangs is left to itself; it holds no more than one connection. */
  async #answers(probe: Probe): Promise<boolean> {
    const enough = new AbortController();
    const answered = probe().then(
      () => true,
      () => false,
    );
    const late = this.#deps.clock.sleep(PROBE_LIMIT_MS, { unref: true, signal: enough.signal }).then(
      () => false,
      () => false,
    );
    try {
      return await Promise.race([answered, late]);
    } finally {
      enough.abort(new Error('answered'));
    }
  }
}
