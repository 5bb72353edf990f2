import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { peerFolder } from './peers.js';
import { createPipelineEnd, registerPipeline } from './pipeline.js';
import { openHandler, registerEcho } from './subjects/handler.js';
import { openPair } from './subjects/pair.js';
import { openPairV1 } from './subjects/pairV1.js';
import type { Subject } from './subject.js';

/**
 * What a peer's `setup.mjs` builds its subject with. It is plain JavaScript, so that nothing of ours must type-check what is not installed.
 */
const bench = { createPipelineEnd, registerPipeline, openPair, openPairV1, openHandler, registerEcho };

/** Opens what the named export of a peer's set-up makes. */
export async function openPeer(peer: string, exported: string): Promise<Subject> {
  const setup = (await import(pathToFileURL(join(peerFolder(peer), 'setup.mjs')).href)) as Record<
    string,
    (tools: typeof bench) => Promise<Subject>
  >;
  const open = setup[exported];
  if (open === undefined) throw new Error(`${peer}/setup.mjs exports no ${exported}`);
  return open(bench);
}
