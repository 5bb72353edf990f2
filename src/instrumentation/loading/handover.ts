import type { LoadListener, LoadPattern } from './loadWatch.js';

/** The statements added to modules find us under this key of `globalThis`; if it is absent or empty, they do nothing. */
const HANDOVER_KEY = 'handoff-otel.loads';

interface Handover {
  nextId: number;
  readonly receivers: Map<number, HandoverReceiver>;
}

type Setter = (value: unknown) => void;

/** Called by an added statement with the module's URL and format, the wanted values, and setters of its declared functions. */
type HandoverReceiver = (url: string, format: 'esm' | 'cjs', values: Record<string, unknown>, setters: Record<string, Setter>) => void;

/** Lets modules that load later hand over to `listener`. Several copies of this package share the key, so ids are never reused. */
export function openHandover(listener: LoadListener): { readonly id: number; close(): void } {
  const handover = sharedHandover();
  const id = handover.nextId;
  handover.nextId += 1;
  handover.receivers.set(id, (url, format, values, setters) => {
    listener({ url, format, values, replace: (name, value) => attempt(setters[name], value) });
  });
  return { id, close: () => handover.receivers.delete(id) };
}

function sharedHandover(): Handover {
  const key = Symbol.for(HANDOVER_KEY);
  const present = Reflect.get(globalThis, key) as Handover | undefined;
  if (present !== undefined) return present;
  const handover: Handover = { nextId: 0, receivers: new Map() };
  // Not enumerable: programs that list their globals must not see more than before.
  Object.defineProperty(globalThis, key, { value: handover, configurable: true });
  return handover;
}

function attempt(set: Setter | undefined, value: unknown): boolean {
  if (set === undefined) return false;
  try {
    set(value);
    return true;
  } catch {
    return false;
  }
}

/** Returns the source with one line added that hands over what `names` found in it; `undefined` if nothing wanted is there. */
export function withHandover(
  source: string,
  { url, format, id, pattern }: { url: string; format: 'esm' | 'cjs'; id: number; pattern: LoadPattern },
): string | undefined {
  const found = pattern.names.flatMap((name) => declarationOf(source, name) ?? []);
  if (found.length === 0) return undefined;
  // `typeof`, because the name may occur only in a comment: then it is undeclared.
  const values = found.map(({ name }) => `${name}:typeof ${name}==="undefined"?void 0:${name}`);
  const setters = found.filter(({ isFunction }) => isFunction).map(({ name }) => `${name}:${setterOf(name, format)}`);
  const call = `h(${JSON.stringify(url)},"${format}",{${values.join()}},{${setters.join()}})`;
  // On a line of its own at the end: the lines above keep their numbers, and a source map comment before it stays in effect.
  return `${source}\n;(h=>{if(h)try{${call}}catch{}})(globalThis[Symbol.for("${HANDOVER_KEY}")]?.receivers.get(${id}));\n`;
}

function declarationOf(source: string, name: string): { name: string; isFunction: boolean } | undefined {
  // Bundlers write `var X = class`, compilers `export class X`; indented ones are not at the top level.
  const found = new RegExp(
    `^(?:export )?(?:(?:var|let|const) ${name} = class\\b|class ${name}\\b|(async )?(function) ${name}\\b)`,
    'm',
  ).exec(source);
  return found === null ? undefined : { name, isFunction: found[2] !== undefined };
}

/** Importers of an ES module see an assignment to its binding; CommonJS `exports` is a copy and has to be set as well. */
function setterOf(name: string, format: 'esm' | 'cjs'): string {
  const copy = format === 'cjs' ? `if(exports.${name}===${name})exports.${name}=v;` : '';
  return `v=>{${copy}${name}=v}`;
}
