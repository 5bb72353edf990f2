import type { Meter } from '@opentelemetry/api';
import type { ConfigProblem } from '../../../errors/configError.js';
import { quietly } from '../../../errors/quietly.js';
import { reloadEffects, reloadEvents, reloadMetrics, reloadOutcomes } from '../../../telemetry/catalogue/reloads.js';
import type { ReloadEffect, ReloadOutcome } from '../../../telemetry/catalogue/reloads.js';
import { createInstrument } from '../../../telemetry/instruments.js';
import type { Log } from '../../../telemetry/log.js';
import {
  ATTR_EVENT_NAME,
  ATTR_HANDOFF_CONFIG_EFFECT,
  ATTR_HANDOFF_CONFIG_OUTCOME,
  ATTR_HANDOFF_CONFIG_SETTING,
} from '../../../telemetry/semconv.js';
import type { SettingChange } from './changes.js';

/** Who caused the file to be read again. */
export type ReloadActor = 'SIGHUP' | 'file watch' | 'host';

/** What became of one change, as it is kept. */
export interface AuditedChange extends SettingChange {
  readonly actor: ReloadActor;
  readonly effect: ReloadEffect;
}

const MESSAGES: Readonly<Record<ReloadEffect, string>> = {
  applied: 'a setting has a new value',
  needs_restart: 'a setting has a new value in the configuration file, which takes effect when the server is restarted',
  failed: 'a setting has a new value in the configuration file, which could not be applied: restart the server',
};

/** Tells metrics and logs what became of a configuration file. No method throws. */
export class ReloadReports {
  readonly #log: Log;
  readonly #countReload: ReturnType<typeof createInstrument>;
  readonly #countChange: ReturnType<typeof createInstrument>;

  constructor(log: Log, meter: Meter) {
    this.#log = log;
    this.#countReload = createInstrument(meter, reloadMetrics.reloads);
    this.#countChange = createInstrument(meter, reloadMetrics.changes);
    // A series that begins with its first increase has none as far as a rate can tell.
    for (const outcome of reloadOutcomes) this.#reload(outcome, 0);
    for (const effect of reloadEffects) this.#countChange(0, { [ATTR_HANDOFF_CONFIG_EFFECT]: effect });
  }

  changed({ name, effect, ...facts }: AuditedChange): void {
    this.#countChange(1, { [ATTR_HANDOFF_CONFIG_EFFECT]: effect });
    const record = {
      [ATTR_EVENT_NAME]: reloadEvents.changed.name,
      [ATTR_HANDOFF_CONFIG_SETTING]: name,
      [ATTR_HANDOFF_CONFIG_EFFECT]: effect,
      ...facts,
    };
    quietly(() => (effect === 'applied' ? this.#log.info(record, MESSAGES[effect]) : this.#log.warn(record, MESSAGES[effect])));
  }

  applied(): void {
    this.#reload('applied', 1);
  }

  /** @param overruled settings of the file that have no effect, because the environment sets them otherwise */
  unchanged(actor: ReloadActor, overruled: readonly string[]): void {
    this.#reload('unchanged', 1);
    quietly(() =>
      this.#log.info(
        { [ATTR_EVENT_NAME]: reloadEvents.unchanged.name, actor, ...(overruled.length === 0 ? {} : { overruled }) },
        'the configuration file was read again and says nothing new; what the environment sets wins',
      ),
    );
  }

  refused(actor: ReloadActor, problems: readonly ConfigProblem[]): void {
    this.#reload('refused', 1);
    quietly(() =>
      this.#log.warn(
        {
          [ATTR_EVENT_NAME]: reloadEvents.refused.name,
          actor,
          problems: problems.map(({ key, given, allowed }) => `${key}: ${given} was given, but it must be ${allowed}`),
        },
        'the configuration file cannot be used, and nothing was changed: correct what the problems name',
      ),
    );
  }

  #reload(outcome: ReloadOutcome, count: number): void {
    this.#countReload(count, { [ATTR_HANDOFF_CONFIG_OUTCOME]: outcome });
  }
}
