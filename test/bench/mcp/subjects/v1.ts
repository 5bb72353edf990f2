import { createFloor } from '../floor.js';
import { startOurs } from '../ours.js';
import { registerPipeline } from '../pipeline.js';
import type { Subject } from '../subject.js';
import { echoV1, openPairV1 } from './pairV1.js';

const PROTOCOL_VERSION = '2025-11-25';

export const openBare = (): Promise<Subject> => openPairV1({});

export async function openFloor(): Promise<Subject> {
  const sink = registerPipeline();
  const measured = createFloor(PROTOCOL_VERSION);
  return openPairV1({ sink, tool: (args, extra) => measured(extra.requestId, () => echoV1(args, extra)) });
}

/** As in v2. */
export async function openOursDisabled(): Promise<Subject> {
  process.env['OTEL_SDK_DISABLED'] = 'true';
  const ours = await startOurs({ discover: true });
  return openPairV1({ wrapServer: (server) => ours.instrumentServer(server) });
}

export async function openOurs(): Promise<Subject> {
  const sink = registerPipeline();
  const ours = await startOurs({ discover: false });
  return openPairV1({ sink, wrapServer: (server) => ours.instrumentServer(server) });
}
