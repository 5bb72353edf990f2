/** What Prometheus is given: samples of series at even distances, in promtool's notation (`0+5x10`). */
export type Samples = Readonly<Record<string, string>>;

/** An alert that must be firing, with these labels beside `severity` and `area`. */
export interface Firing {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
}

export interface Moment {
  readonly minute: number;
  /** Exactly these alerts of the name fire; or, where the value differs among versions of Prometheus, so many. */
  readonly firing: readonly Firing[] | number;
}

/** One situation, and which alerts of the name fire at which minute. */
export interface Situation {
  readonly name: string;
  readonly samples: Samples;
  /** Distance of samples; a minute when left out. */
  readonly stepMinutes?: number;
  readonly at: readonly Moment[];
}

/** Everything that is shown of one alert. All figures are written here a second time, so that a changed rule is noticed. */
export interface Proof {
  readonly alert: string;
  readonly severity: 'page' | 'ticket' | 'info' | 'none';
  readonly area: 'service' | 'database' | 'runtime' | 'telemetry' | 'alerting';
  /** Address of the board, below Grafana's. */
  readonly board: string;
  /** How often rules are evaluated; a minute when left out. */
  readonly evaluatedEachMinutes?: number;
  readonly situations: readonly Situation[];
}

export const silent = (minute: number): Moment => ({ minute, firing: [] });
export const fires = (minute: number, ...firing: readonly Firing[]): Moment => ({ minute, firing });
/** Fires, with labels and a value that another moment checks. */
export const firesSomehow = (minute: number, alerts = 1): Moment => ({ minute, firing: alerts });
