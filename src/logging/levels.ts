import type { Log, RecordLevel } from '../telemetry/log.js';
import { ATTR_EVENT_NAME } from '../telemetry/semconv.js';
import { LOG_LEVELS } from '../variables/logVariables.js';

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Which records are written: those of each component from its level on, and all others from `level` on. */
export interface LogLevels {
  readonly level: LogLevel;
  /** By component: the second part of a record's `event.name` (`storage` of `handoff.storage.migrate`), or its field `component`. */
  readonly components: Readonly<Record<string, LogLevel>>;
}

/** Changes levels while the process runs. Takes effect with the next record. */
export interface LevelControl {
  levels(): LogLevels;
  /** Replaces all levels. @throws RangeError, changing nothing, for a level that is none of `LOG_LEVELS`. */
  setLevels(levels: LogLevels): void;
  /** Sets the level of one component; without one it is that of all others again. @throws RangeError for an unknown level. */
  setLevel(component: string, level?: LogLevel): void;
}

export type LeveledLog = Log & LevelControl;

/** pino's numbers. */
const SEVERITY: Readonly<Record<LogLevel, number>> = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60, silent: Infinity };
/** Event names are a fixed set; a host's own must not fill the memory. */
const MAX_REMEMBERED = 1000;

/** Returns a log that passes on to `sink` what the levels let through. The sink has a level of its own, which it may be left to. */
export function leveledLog(sink: Log, levels: LogLevels): LeveledLog {
  return new Levels(sink, levels);
}

export function isLeveledLog(log: Log): log is LeveledLog {
  return 'setLevels' in log;
}

/** Returns the component of an event: `storage` for `handoff.storage.migrate`. */
export function componentOf(event: string): string {
  return event.split('.', 2)[1] ?? event;
}

class Levels implements LeveledLog {
  readonly #sink: Log;
  #levels: LogLevels;
  #least: number;
  #byComponent: ReadonlyMap<string, number>;
  readonly #byEvent = new Map<string, number>();

  constructor(sink: Log, levels: LogLevels) {
    this.#sink = sink;
    this.#levels = levels;
    this.#least = severityOf(levels.level);
    this.#byComponent = severities(levels);
  }

  info(fields: object, message: string): void {
    if (this.#leastFor(fields) <= SEVERITY.info) this.#sink.info(fields, message);
  }

  warn(fields: object, message: string): void {
    if (this.#leastFor(fields) <= SEVERITY.warn) this.#sink.warn(fields, message);
  }

  error(fields: object, message: string): void {
    if (this.#leastFor(fields) <= SEVERITY.error) this.#sink.error(fields, message);
  }

  wants(level: RecordLevel, event: string, component?: string): boolean {
    return this.#leastOf(event, component) <= SEVERITY[level] && this.#sink.wants?.(level, event, component) !== false;
  }

  levels(): LogLevels {
    return this.#levels;
  }

  setLevels(levels: LogLevels): void {
    const least = severityOf(levels.level);
    this.#byComponent = severities(levels);
    this.#least = least;
    this.#levels = levels;
    this.#byEvent.clear();
  }

  setLevel(component: string, level?: LogLevel): void {
    const { [component]: _replaced, ...others } = this.#levels.components;
    this.setLevels({ level: this.#levels.level, components: level === undefined ? others : { ...others, [component]: level } });
  }

  #leastFor(fields: object): number {
    // Without components nothing needs to be looked at.
    if (this.#byComponent.size === 0) return this.#least;
    const { [ATTR_EVENT_NAME]: event, component } = fields as Readonly<Record<string, unknown>>;
    return this.#leastOf(typeof event === 'string' ? event : '', typeof component === 'string' ? component : undefined);
  }

  #leastOf(event: string, component: string | undefined): number {
    if (this.#byComponent.size === 0) return this.#least;
    const own = component === undefined ? undefined : this.#byComponent.get(component);
    if (own !== undefined) return own;
    let least = this.#byEvent.get(event);
    if (least === undefined) {
      least = this.#byComponent.get(componentOf(event)) ?? this.#least;
      if (this.#byEvent.size < MAX_REMEMBERED) this.#byEvent.set(event, least);
    }
    return least;
  }
}

function severities({ components }: LogLevels): ReadonlyMap<string, number> {
  return new Map(Object.entries(components).map(([component, level]) => [component, severityOf(level)]));
}

function severityOf(level: LogLevel): number {
  if (!Object.hasOwn(SEVERITY, level))
    throw new RangeError(`A level of the log must be one of ${LOG_LEVELS.join(', ')}, not ${String(level)}.`);
  return SEVERITY[level];
}
