/** A query of PromQL that has to return data. */
export interface NamedQuery {
  /** The board's uid, or where else it is from. */
  readonly group: string;
  /** Unique within its group. */
  readonly title: string;
  readonly text: string;
  /** Labels that the legend names. */
  readonly legendLabels: readonly string[];
  /** Grafana's name of the unit. */
  readonly unit?: string;
}

export const keyOf = ({ group, title }: NamedQuery): string => `${group}: ${title}`;
