import type { Subject } from './subject.js';

/** What a variant is compared with: all of one kind run the same SDK of the same version on the same road. */
export type Road = 'v2' | 'v1' | 'handler';

export interface Variant {
  /** As given to --only. */
  readonly name: string;
  readonly title: string;
  readonly road: Road;
  /** Spans that one call is meant to make. */
  readonly spans: number;
  /** Folder under `peers` that must be installed first. */
  readonly peer?: string;
  /** Ours with everything on: what peers of the same road are compared with. */
  readonly ours?: true;
  /** A peer in its documented set-up, instrumenting what `ours` instruments. */
  readonly comparable?: true;
  /** Its baseline, when that is not the bare variant of its road. */
  readonly over?: string;
  open(): Promise<Subject>;
}

/** The bare variant of each road, which the others are measured against. */
const BASELINES: Readonly<Record<Road, string>> = { v2: 'bare', v1: 'bare-v1', handler: 'bare-handler' };

const v2 = () => import('./subjects/v2.js');

const handler = () => import('./subjects/handler.js');
const openPeer = async (peer: string, exported: string): Promise<Subject> => (await import('./peerModule.js')).openPeer(peer, exported);
const v1 = () => import('./subjects/v1.js');

/** In the order of the report. Modules load on demand: a child holds its own variant and nothing of another's. */
export const variants: readonly Variant[] = [
  { name: 'bare', title: 'bare SDK', road: 'v2', spans: 0, open: async () => (await v2()).openBare() },
  { name: 'floor', title: 'floor', road: 'v2', spans: 1, open: async () => (await v2()).openFloor() },
  { name: 'ours', title: '**ours**', road: 'v2', spans: 1, ours: true, open: async () => (await v2()).openOurs() },
  {
    name: 'ours-disabled',
    title: '**ours**, `OTEL_SDK_DISABLED=true`',
    road: 'v2',
    spans: 0,
    open: async () => (await v2()).openOursDisabled(),
  },
  { name: 'ours-both', title: '**ours**, client and server', road: 'v2', spans: 2, open: async () => (await v2()).openOursBothEnds() },
  {
    name: 'autotel',
    title: 'autotel',
    road: 'v2',
    spans: 1,
    peer: 'autotel',
    comparable: true,
    open: () => openPeer('autotel', 'openServer'),
  },
  {
    name: 'autotel-both',
    title: 'autotel, client and server',
    road: 'v2',
    spans: 2,
    peer: 'autotel',
    open: () => openPeer('autotel', 'openBothEnds'),
  },
  { name: 'sentry', title: 'Sentry', road: 'v2', spans: 1, peer: 'sentry', comparable: true, open: () => openPeer('sentry', 'open') },
  { name: 'bare-v1', title: 'bare SDK', road: 'v1', spans: 0, open: async () => (await v1()).openBare() },
  { name: 'floor-v1', title: 'floor', road: 'v1', spans: 1, open: async () => (await v1()).openFloor() },
  { name: 'ours-v1', title: '**ours**', road: 'v1', spans: 1, ours: true, open: async () => (await v1()).openOurs() },
  {
    name: 'ours-disabled-v1',
    title: '**ours**, `OTEL_SDK_DISABLED=true`',
    road: 'v1',
    spans: 0,
    open: async () => (await v1()).openOursDisabled(),
  },
  {
    name: 'shinzo',
    title: 'Shinzo',
    road: 'v1',
    spans: 1,
    peer: 'shinzo',
    comparable: true,
    open: () => openPeer('shinzo', 'openDocumented'),
  },
  {
    name: 'shinzo-shared',
    title: 'Shinzo, on the SDK of the others',
    road: 'v1',
    spans: 1,
    peer: 'shinzo',
    open: () => openPeer('shinzo', 'openShared'),
  },
  { name: 'bare-handler', title: 'bare SDK', road: 'handler', spans: 0, open: async () => (await handler()).openBare() },
  { name: 'floor-handler', title: 'floor', road: 'handler', spans: 1, open: async () => (await handler()).openFloor() },
  {
    name: 'ours-handler',
    title: '**ours**, server and handler',
    road: 'handler',
    spans: 1,
    ours: true,
    open: async () => (await handler()).openOurs(),
  },
  {
    name: 'ours-disabled-handler',
    title: '**ours**, `OTEL_SDK_DISABLED=true`',
    road: 'handler',
    spans: 0,
    open: async () => (await handler()).openOursDisabled(),
  },
  {
    name: 'mcp-handler-off',
    title: 'mcp-handler, `telemetry: false`',
    road: 'handler',
    spans: 0,
    peer: 'mcp-handler',
    open: () => openPeer('mcp-handler', 'openSilent'),
  },
  {
    name: 'mcp-handler',
    title: 'mcp-handler, over the one before',
    road: 'handler',
    spans: 1,
    peer: 'mcp-handler',
    comparable: true,
    over: 'mcp-handler-off',
    open: () => openPeer('mcp-handler', 'open'),
  },
];

/** Name of the variant that this one is measured against; its own when it is a baseline. */
export function baselineOf({ road, over }: Variant): string {
  return over ?? BASELINES[road];
}

export function findVariant(name: string): Variant {
  const found = variants.find((variant) => variant.name === name);
  if (found === undefined) throw new Error(`no such variant: ${name}`);
  return found;
}
