import { PACKAGE_VERSION } from '../telemetry/scope.js';
import type { ReportLine } from './diagnostics/diagnostics.js';

/** Registered globally: an ESM and a CommonJS copy of this package, or two versions, must share one instrumentation. */
const RUNNING = Symbol.for('handoff-otel.instrumentation');
const VERSION = Symbol.for('handoff-otel.version');
const explained = new WeakSet<object>();

/** Returns the handle that a copy of this package has published in this process, if it is still published. */
export function running(): object | undefined {
  const found: unknown = Reflect.get(globalThis, RUNNING);
  return typeof found === 'object' && found !== null && 'instrumentServer' in found ? found : undefined;
}

export function publish(handle: object): void {
  Object.defineProperty(handle, VERSION, { value: PACKAGE_VERSION });
  Reflect.set(globalThis, RUNNING, handle);
}

/** From here on a new handle may be published, even while this one is still sending its last telemetry. */
export function withdraw(handle: object): void {
  if (Reflect.get(globalThis, RUNNING) === handle) Reflect.deleteProperty(globalThis, RUNNING);
}

/** Reports once that the options of a further call have no effect. A plain second call, as libraries make, is not worth a line. */
export function explainSecondCall(handle: object, options: object, report: ReportLine): void {
  const version: unknown = Reflect.get(handle, VERSION);
  const otherVersion = typeof version === 'string' && version !== PACKAGE_VERSION ? version : undefined;
  if (explained.has(handle) || (otherVersion === undefined && Object.keys(options).length === 0)) return;
  explained.add(handle);
  const earlier =
    otherVersion === undefined
      ? 'handoff-otel/register, handoff-otel watch or an earlier call'
      : `version ${otherVersion} of this package, loaded before ${PACKAGE_VERSION}`;
  report(
    `telemetry was started before this call of instrument(), by ${earlier}: it is shared, and the options of this call have no effect.`,
  );
}
