import { commonjs, esm, preloaded } from './programs.js';
import type { Build, Program } from './programs.js';

export interface Variant {
  readonly name: string;
  readonly title: string;
  readonly program: Program;
  /** The variant its excess is counted from. */
  readonly over?: string;
}

/** Ours may take this much longer than the floor, milliseconds. */
export const BUDGET_MS = 40;

export const FLOOR = 'floor';
export const OURS = 'ours';

/** Everything that is measured; `ours` and `floor` are what the budget is about. */
export function variantsOf({ index, register, sdkNode }: Build): readonly Variant[] {
  const node = JSON.stringify(sdkNode);
  const ours = JSON.stringify(index);
  const sdkImport = JSON.stringify(sdkNode.replace(/\.cjs$/, '.mjs'));
  return [
    { name: FLOOR, title: "`require('@opentelemetry/sdk-node')`, nothing else", program: commonjs(`require(${node});`) },
    {
      name: 'floor-esm',
      title: "`import '@opentelemetry/sdk-node'`, nothing else",
      program: esm(`await import(${sdkImport});`),
      over: FLOOR,
    },
    {
      name: 'plain',
      title: '`new NodeSDK().start()`, CommonJS',
      program: commonjs(`const { NodeSDK } = require(${node}); new NodeSDK().start();`),
      over: FLOOR,
    },
    {
      name: OURS,
      title: "`import 'handoff-otel'`, `instrument()`",
      program: esm(`await import('@opentelemetry/api'); MARK; const { instrument } = await import(${ours}); MARK; instrument();`),
      over: FLOOR,
    },
    {
      name: 'ours-cjs',
      title: "`require('handoff-otel')`, `instrument()`",
      program: commonjs(`require(${JSON.stringify(pathOf(index))}).instrument();`),
      over: FLOOR,
    },
    { name: 'import', title: "`import 'handoff-otel'`, nothing else", program: esm(`await import(${ours});`) },
    { name: 'bare', title: 'bare `node`', program: preloaded([]) },
    { name: 'register', title: '`node --import handoff-otel/register`', program: preloaded(['--import', register]), over: 'bare' },
  ];
}

function pathOf(url: string): string {
  return process.platform === 'win32' ? url : new URL(url).pathname;
}
