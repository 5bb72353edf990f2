import { readFileSync } from 'node:fs';

export type Level = 'required' | 'conditionally_required' | 'recommended' | 'opt_in';

export interface Requirement {
  readonly level: Level;
  /** The kind of condition its level hangs on; `rules/conditions.ts` decides when it holds. */
  readonly condition?: string;
}

export interface AttributeFact {
  readonly type: 'string' | 'int' | 'any' | 'template[string]';
  readonly stability: string;
  readonly members?: readonly string[];
  /** The only value this signal may carry. */
  readonly only?: string;
  readonly open?: boolean;
  readonly lowerCase?: boolean;
}

export interface SpanFact {
  readonly kind: 'client' | 'server';
  readonly stability: string;
  readonly attributes: Readonly<Record<string, Requirement>>;
}

export interface MetricFact {
  readonly instrument: 'histogram';
  readonly unit: string;
  readonly stability: string;
  readonly level: Level;
  readonly boundaries: readonly number[];
  readonly attributes: Readonly<Record<string, Requirement>>;
}

export interface MethodFact {
  readonly value: string;
  readonly stability: string;
  readonly deprecated?: string;
  readonly from?: string;
}

export interface Registry {
  readonly repository: string;
  readonly commit: string;
  readonly attributes: Readonly<Record<string, AttributeFact>>;
  readonly methods: readonly MethodFact[];
  readonly resourceUriMethods: readonly string[];
  readonly sessionIdForbiddenFrom: string;
  readonly status: { readonly serverNotErrors: readonly number[]; readonly clientNotErrors: readonly number[] };
  readonly toolErrorType: string;
  readonly spanStatus: { readonly failed: string; readonly otherwise: string; readonly descriptionOnError: string };
  readonly spanName: { readonly format: string; readonly targets: readonly string[]; readonly optInTargets: readonly string[] };
  readonly propagation: { readonly carrier: string; readonly keys: readonly string[]; readonly parent: string; readonly ambient: string };
  readonly transports: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly spans: Readonly<Record<'mcp.client' | 'mcp.server', SpanFact>>;
  readonly metrics: Readonly<Record<string, MetricFact>>;
}

/** The pinned facts of the conventions: what every assertion of this suite is made from. */
export const registry = JSON.parse(readFileSync(new URL('./mcp.json', import.meta.url), 'utf8')) as Registry;
