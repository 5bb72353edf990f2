import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** What a measured process says of itself. */
export interface Timing {
  /** Wall time of what is measured. */
  readonly ms: number;
  /** Processor time the process used meanwhile, all its threads together. */
  readonly cpuMs: number;
  /** Modules of `require.cache` in the end. */
  readonly modules: number;
  /** Wall time up to marks the program set on its way. */
  readonly marks: readonly number[];
}

/** A program for a process of its own. */
export interface Program {
  readonly flags: readonly string[];
  readonly code: string;
}

const START = 'const startMs = performance.now(); const startCpu = process.cpuUsage(); const marks = [];';

/** No flush: it would wait for a collector that is not there. */
const END = `const { user, system } = process.cpuUsage(startCpu);
const timing = { ms: performance.now() - startMs, cpuMs: (user + system) / 1000, marks, modules: Object.keys(process.getBuiltinModule('node:module')._cache).length };
process.getBuiltinModule('node:fs').writeSync(1, JSON.stringify(timing));
process.exit();`;

const MARK = 'marks.push(performance.now() - startMs);';

/** From the first line of a CommonJS program on. */
export function commonjs(code: string): Program {
  return { flags: ['--input-type=commonjs'], code: `${START}\n${code}\n${END}` };
}

/** From the first line of an ES module on. Steps may be parted by `MARK`. */
export function esm(code: string): Program {
  return { flags: ['--input-type=module'], code: `${START}\n${code.replaceAll('MARK;', MARK)}\n${END}` };
}

/** From the start of the process to the first line of its program; processor time since then would say nothing, so all of it. */
export function preloaded(flags: readonly string[]): Program {
  return {
    flags: [...flags, '--input-type=module'],
    code: `const startMs = 0; const startCpu = { user: 0, system: 0 }; const marks = [];\n${END}`,
  };
}

/** The build under test, as programs name it. */
export interface Build {
  readonly index: string;
  readonly register: string;
  readonly sdkNode: string;
}

export function buildAt(folder: string): Build {
  const url = (file: string): string => pathToFileURL(`${folder}/${file}`).href;
  // As our own code resolves it: another copy would be another floor.
  return {
    index: url('index.js'),
    register: url('register.js'),
    sdkNode: createRequire(`${folder}/index.js`).resolve('@opentelemetry/sdk-node'),
  };
}
