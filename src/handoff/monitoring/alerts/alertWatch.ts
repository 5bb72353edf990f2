import { alertNames } from '../../../telemetry/catalogue/alerts.js';
import type { AlertName } from '../../../telemetry/catalogue/alerts.js';
import type { Clock } from '../../../time/clock.js';
import { keyOf } from '../../notification/alertNotice.js';
import type { Notifier } from '../../notification/notifier.js';
import type { SystemEvents } from '../events/systemEvents.js';
import { descriptions } from '../thresholds/descriptions.js';
import type { Figures } from '../thresholds/figures.js';
import { QUIET, comparedValue, isRaised, nextLevel } from '../thresholds/level.js';
import type { Level } from '../thresholds/level.js';
import { thresholdOf } from '../thresholds/thresholds.js';
import type { ThresholdSettings } from '../thresholds/thresholds.js';
import type { AlertReports } from './alertReports.js';
import type { AlertChange, Breach, OwnEnd } from './breach.js';
import { noticeOf } from './notices.js';
import type { Teller } from './notices.js';
import type { SharedAlerts } from './sharedAlerts.js';

export interface AlertWatchOptions {
  readonly shared: SharedAlerts;
  readonly notifier: Notifier;
  readonly reports: AlertReports;
  readonly events: SystemEvents;
  readonly clock: Clock;
  readonly teller: Teller;
  /** Name of this machine. */
  readonly host: string;
  /** As they are at the moment. */
  readonly settings: () => ThresholdSettings;
}

/** A server that was not heard of for three intervals, and a minute for its clock and its database, is gone. */
const MISSED_INTERVALS = 3;
const MARGIN_MS = 60_000;

/** Why an alert is over, by its name. */
type EndOf = (name: string) => OwnEnd;

const stopped: EndOf = () => 'stopped';

/** Compares figures with thresholds, and has told what it comes to: here, to the other servers, and to people. */
export class AlertWatch {
  readonly #options: AlertWatchOptions;
  readonly #levels = new Map<AlertName, Level>();
  #breaches: ReadonlyMap<string, Breach> = new Map();

  constructor(options: AlertWatchOptions) {
    this.#options = options;
  }

  isRaised(name: AlertName): boolean {
    return isRaised(this.#levels.get(name) ?? QUIET);
  }

  /** Never rejects. @param intervalMs when it is called again */
  async evaluate(figures: Figures, intervalMs: number): Promise<void> {
    const before = this.#breaches;
    this.#breaches = this.#judge(figures);
    this.#report(before, (name) => figures[name]?.value, this.#endOf);
    await this.#tell(before, MISSED_INTERVALS * intervalMs + MARGIN_MS, this.#endOf);
  }

  /** This server ends, and so do the alerts about it alone. */
  async stop(): Promise<void> {
    const before = this.#breaches;
    if (before.size === 0) return;
    this.#breaches = new Map();
    this.#levels.clear();
    this.#report(before, () => undefined, stopped);
    await this.#tell(before, MARGIN_MS, stopped);
  }

  /** A figure whose alert a reload of the configuration has switched off is where it was. */
  readonly #endOf: EndOf = (name) => {
    const known = alertNames.find((one) => one === name);
    return known === undefined || thresholdOf(known, this.#options.settings()) !== undefined ? 'recovered' : 'switched_off';
  };

  #judge(figures: Figures): ReadonlyMap<string, Breach> {
    const nowMs = this.#options.clock.monotonicMs();
    const breaches = new Map<string, Breach>();
    for (const name of alertNames) {
      const threshold = thresholdOf(name, this.#options.settings());
      const figure = figures[name];
      const known = this.#levels.get(name) ?? QUIET;
      const level = threshold === undefined ? QUIET : nextLevel(known, comparedValue(known, figure), threshold, nowMs);
      this.#levels.set(name, level);
      if (threshold === undefined || (level.state !== 'raised' && level.state !== 'falling')) continue;
      const scope = this.#scopeOf(name);
      const key = keyOf({ name, scope });
      const breach = this.#breaches.get(key);
      const value = figure?.value ?? breach?.value ?? threshold.raiseAt;
      const detail = figure?.detail ?? breach?.detail;
      breaches.set(key, { name, scope, value, detail, threshold: threshold.raiseAt, sinceMs: level.raisedMs });
    }
    return breaches;
  }

  #scopeOf(name: AlertName): string {
    const { teller, host } = this.#options;
    const { scope } = descriptions[name];
    if (scope === 'service') return scope;
    return scope === 'host' ? `host:${host}` : `server:${teller.server}`;
  }

  #report(before: ReadonlyMap<string, Breach>, valueOf: (name: AlertName) => number | undefined, endOf: EndOf): void {
    const { reports } = this.#options;
    for (const [key, breach] of this.#breaches) if (!before.has(key)) reports.raised(breach);
    for (const [key, breach] of before) if (!this.#breaches.has(key)) reports.cleared(breach, valueOf(breach.name), endOf(breach.name));
  }

  async #tell(before: ReadonlyMap<string, Breach>, lastsMs: number, endOf: EndOf): Promise<void> {
    const { shared, notifier, teller, clock, events } = this.#options;
    const breaches = this.#breaches;
    const changes = await shared.sync(breaches, lastsMs, endOf);
    const told = new Set(changes.map(({ key }) => key));
    // Of these others have told; Alertmanager must go on to hear of them, whoever of the servers ends.
    for (const [key, breach] of breaches) if (!told.has(key)) notifier.held(key, noticeOf(changeOf(breach, clock), teller, clock.nowMs()));
    for (const key of before.keys()) if (!breaches.has(key) && !told.has(key)) notifier.released(key);
    for (const change of changes) this.#tellOne(change);
    void events.flush();
  }

  #tellOne(change: AlertChange): void {
    const { notifier, teller, clock, events, reports } = this.#options;
    const notice = noticeOf(change, teller, clock.nowMs());
    const { key, name, scope, breach, cause } = change;
    if (cause === 'expired') reports.expired(change);
    void (change.change === 'raised' ? notifier.raised(key, notice) : notifier.told(key, notice));
    const figures = breach === undefined ? {} : { value: breach.value, threshold: breach.threshold, detail: breach.detail };
    events.record({
      type: change.change === 'raised' ? 'alert_raised' : 'alert_cleared',
      subject: name,
      data: { scope, startsAt: new Date(change.startsAtMs).toISOString(), ...figures, ...(cause === undefined ? {} : { cause }) },
    });
  }
}

function changeOf(breach: Breach, clock: Clock): AlertChange {
  const { name, scope, sinceMs } = breach;
  const startsAtMs = clock.nowMs() - Math.max(0, clock.monotonicMs() - sinceMs);
  return { change: 'raised', key: keyOf(breach), name, scope, startsAtMs, breach };
}
