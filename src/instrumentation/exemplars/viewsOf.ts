import type { InstrumentationScope } from '@opentelemetry/core';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';

export type NotedKind = 'counter' | 'histogram';

export interface NotedInstrument {
  readonly scope: InstrumentationScope;
  readonly kind: NotedKind;
  readonly name: string;
  readonly unit: string;
}

/** The SDK's `InstrumentType`; its module must not be loaded just for this. */
const TYPES: Readonly<Record<NotedKind, string>> = { counter: 'COUNTER', histogram: 'HISTOGRAM' };

/**
 * Returns the views that match an instrument, by the SDK's rules: every criterion of a view must match, and `*` in a name stands
 * for anything.
 */
export function viewsOf({ scope, kind, name, unit }: NotedInstrument, views: readonly ViewOptions[]): readonly ViewOptions[] {
  return views.filter(
    (view) =>
      fits(view.instrumentName, name) &&
      (view.instrumentType === undefined || (view.instrumentType as string) === TYPES[kind]) &&
      (view.instrumentUnit === undefined || view.instrumentUnit === unit) &&
      (view.meterName === undefined || view.meterName === scope.name) &&
      (view.meterVersion === undefined || view.meterVersion === scope.version) &&
      (view.meterSchemaUrl === undefined || view.meterSchemaUrl === scope.schemaUrl),
  );
}

function fits(pattern: string | undefined, name: string): boolean {
  if (pattern === undefined || pattern === name) return true;
  if (!pattern.includes('*')) return false;
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
  ).test(name);
}
