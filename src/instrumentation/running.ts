import { PACKAGE_VERSION } from '../telemetry/scope.js';
import type { ReportLine } from './diagnostics/diagnostics.js';

/** Registered globally: an ESM and a CommonJS copy of this package, or two versions, must share one instrumentation. */
const RUNNING = Symbol.for('handoff-otel.instrumentation');
const VERSION = Symbol.for('handoff-otel.version');
const told = new WeakSet<object>();

/** What a copy of this package has put up in this process, if it is still up. */
export function running(): object | undefined {
  const found: unknown = Reflect.get(globalThis, RUNNING);
  return typeof found === 'object' && found !== null && 'instrumentServer' in found ? found : undefined;
}

export function publish(handle: object): void {
  Object.defineProperty(handle, VERSION, { value: PACKAGE_VERSION });
  Reflect.set(globalThis, RUNNING, handle);
}

/** From here on a new one may be put up, also while this one is still sending its last. */
export function withdraw(handle: object): void {
  if (Reflect.get(globalThis, RUNNING) === handle) Reflect.deleteProperty(globalThis, RUNNING);
}

/** Says once what a further call cannot have. A plain second call, as libraries make it, is not worth a line. */
export function explainSecondCall(handle: object, options: object, report: ReportLine): void {
  const version: unknown = Reflect.get(handle, VERSION);
  const otherVersion = typeof version === 'string' && version !== PACKAGE_VERSION ? version : undefined;
  if (told.has(handle) || (otherVersion === undefined && Object.keys(options).length === 0)) return;
  told.add(handle);
  const runner =
    otherVersion === undefined ? 'the first call' : `version ${otherVersion} of this package, loaded before ${PACKAGE_VERSION},`;
  report(`instrument() was called again; what ${runner} has started is shared, and the options of this call have no effect.`);
}
