import type { Instrumentation, InstrumentationModuleDefinition } from '@opentelemetry/instrumentation';
import { loadedPackages } from './loadedPackages.js';
import { satisfies } from './versions.js';

/** An instrumentation that can name the modules it patches; all that extend OpenTelemetry's base class can. */
export interface PatchingInstrumentation extends Instrumentation {
  getModuleDefinitions(): InstrumentationModuleDefinition[];
}

/**
 * Patches packages that were loaded before the instrumentation existed, which OpenTelemetry's own hooks cannot reach
 * (`import` is hoisted above any call). Every loaded copy is patched; what is patched already, by whomever, is left alone.
 *
 * Sound because the methods concerned are looked up on the prototype at call time: pools and clients made earlier are
 * covered too. Returns a function that restores them.
 */
export function patchLoaded(instrumentation: PatchingInstrumentation, isPatched: (packageName: string, exports: unknown) => boolean): () => void {
  const restore: (() => void)[] = [];
  for (const definition of instrumentation.getModuleDefinitions()) {
    for (const copy of loadedPackages(definition.name)) {
      const isSupported = definition.supportedVersions.some((range) => satisfies(copy.version, range));
      if (!isSupported || isPatched(definition.name, copy.exports)) continue;
      definition.patch?.(copy.exports, copy.version);
      restore.push(() => definition.unpatch?.(copy.exports, copy.version));
    }
  }
  return () => {
    for (const undo of restore.splice(0)) undo();
  };
}
