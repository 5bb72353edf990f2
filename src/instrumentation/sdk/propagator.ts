import type { TextMapPropagator } from '@opentelemetry/api';
import type { SdkModules } from './sdkModules.js';
import type { PropagatorName } from '../settings/propagators.js';

/** The part of `@opentelemetry/propagator-b3` that is used; the package comes with sdk-node. */
interface B3 {
  readonly B3Propagator: new (config?: { readonly injectEncoding: unknown }) => TextMapPropagator;
  readonly B3InjectEncoding: { readonly MULTI_HEADER: unknown };
}

/** Returns `null`, NodeSDK's value for none, when there are no names. B3 is loaded only when it is requested. */
export function createPropagator(sdk: SdkModules, names: readonly PropagatorName[]): TextMapPropagator | null {
  if (names.length === 0) return null;
  const b3 = (): B3 => sdk.load('@opentelemetry/propagator-b3') as B3;
  const create: Readonly<Record<PropagatorName, () => TextMapPropagator>> = {
    tracecontext: () => new sdk.core.W3CTraceContextPropagator(),
    baggage: () => new sdk.core.W3CBaggagePropagator(),
    b3: () => new (b3().B3Propagator)(),
    b3multi: () => new (b3().B3Propagator)({ injectEncoding: b3().B3InjectEncoding.MULTI_HEADER }),
  };
  return new sdk.core.CompositePropagator({ propagators: names.map((name) => create[name]()) });
}
