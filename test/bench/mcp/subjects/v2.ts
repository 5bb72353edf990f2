import { createFloor } from '../floor.js';
import { startOurs } from '../ours.js';
import { registerPipeline } from '../pipeline.js';
import type { Subject } from '../subject.js';
import { echo, openPair } from './pair.js';

/** What a plain v2 client and server agree on. */
const PROTOCOL_VERSION = '2025-11-25';

export const openBare = (): Promise<Subject> => openPair({});

export async function openFloor(): Promise<Subject> {
  const sink = registerPipeline();
  const measured = createFloor(PROTOCOL_VERSION);
  return openPair({ sink, tool: (args, context) => measured(context.mcpReq.id, () => echo(args, context)) });
}

export async function openOurs(): Promise<Subject> {
  const sink = registerPipeline();
  const ours = await startOurs({ discover: false });
  return openPair({ sink, wrapServer: (server) => ours.instrumentServer(server) });
}

export async function openOursBothEnds(): Promise<Subject> {
  const sink = registerPipeline();
  const ours = await startOurs({ discover: true });
  return openPair({ sink, wrapServer: (server) => ours.instrumentServer(server), wrapClient: (client) => ours.instrumentClient(client) });
}

/** No SDK is registered: with `OTEL_SDK_DISABLED` a host has none, and ours loads none. */
export async function openOursDisabled(): Promise<Subject> {
  process.env['OTEL_SDK_DISABLED'] = 'true';
  const ours = await startOurs({ discover: true });
  return openPair({ wrapServer: (server) => ours.instrumentServer(server), wrapClient: (client) => ours.instrumentClient(client) });
}
