import type { Bootstrap, Format } from '../bootstraps/bootstrap.js';

/** Where the package is started: before or after the libraries are loaded, by the flags before the program, or not at all. */
export type Order = 'libraries first' | 'package first' | 'preload' | 'bare';

export interface ProgramOptions {
  readonly format: Format;
  readonly order: Order;
  /** Statements run inside an async function, with `pg`, `Redis`, `pino`, `inSpan`, `spanAlone`, `log`, `report` in scope. */
  readonly work: string;
  /** Run before everything else, for what must be there first. */
  readonly before?: string;
}

const API = `const { tracer } = { tracer: api.trace.getTracer('host') };
const inSpan = (name, run) => tracer.startActiveSpan(name, async (span) => { try { return await run(span); } finally { span.end(); } });
const spanAlone = (name) => tracer.startSpan(name).end();`;

const SPANS: Readonly<Record<Format, string>> = {
  module: `const api = await import('@opentelemetry/api'); ${API}`,
  commonjs: `const api = require('@opentelemetry/api'); ${API}`,
};

const LIBRARIES: Readonly<Record<Format | 'late module', string>> = {
  module: `import pg from 'pg'; import * as ioredis from 'ioredis'; import { pino } from 'pino'; import Cursor from 'pg-cursor'; const { Redis } = ioredis;`,
  'late module': `const { default: pg } = await import('pg'); const ioredis = await import('ioredis'); const { pino } = await import('pino'); const { default: Cursor } = await import('pg-cursor'); const { Redis } = ioredis;`,
  commonjs: `const pg = require('pg'); const ioredis = require('ioredis'); const { pino } = require('pino'); const Cursor = require('pg-cursor'); const { Redis } = ioredis;`,
};

/** What every host has: its log goes to a file of its own, reports go to us by the channel of a forked process. */
const HOST = `const report = (kind, text) => process.send?.({ kind, text: String(text) });
const newLog = () => pino({ base: null }, pino.destination({ dest: process.env.HOST_LOG, sync: true }));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));`;

/** The text of a program under a package. */
export function programText(bootstrap: Bootstrap, { format, order, work, before = '' }: ProgramOptions): string {
  const start = order === 'preload' || order === 'bare' ? '' : bootstrap.start[format];
  const libraries = LIBRARIES[format === 'module' && order === 'package first' ? 'late module' : format];
  const head = order === 'package first' ? [start, libraries] : [libraries, start];
  const flush = /\bflush\b/.test(start)
    ? ''
    : ((order === 'preload' ? bootstrap.flush?.[format] : undefined) ?? 'const flush = async () => {};');
  const spans =
    order === 'bare' ? 'const inSpan = (_name, run) => run(); const spanAlone = () => {};' : (bootstrap.spans?.[format] ?? SPANS[format]);
  return [before, ...head, flush, spans, HOST, `(async () => {\n${work}\n})();`].join('\n');
}

/** A program that a bundler makes one file of together with its libraries; the package stays outside. */
export function bundledText(bootstrap: Bootstrap, work: string): string {
  const start = bootstrap.startInBundle ?? '';
  const flush = start === '' ? 'const flush = async () => {};' : '';
  return [LIBRARIES.module, start, flush, bootstrap.spans?.module ?? SPANS.module, HOST, `(async () => {\n${work}\n})();`].join('\n');
}
