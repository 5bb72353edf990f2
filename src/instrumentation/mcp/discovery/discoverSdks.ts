import { errorMessage } from '../../../errors/classify.js';
import type { LoadedModule } from '../../loading/loadWatch.js';
import { openInstances } from '../../loading/instances.js';
import { watchCjs } from '../../loading/watchCjs.js';
import { watchCompile } from '../../loading/watchCompile.js';
import { watchLoads } from '../../loading/watchLoads.js';
import { Adoption } from './adoption.js';
import { tellLoadedSdks } from './loadedSdks.js';
import { SDK_MARKS, SDK_PATTERN } from './sdkFiles.js';
import type { DiscoveryIo, FoundSdk, SdkAdopter, SdkDiscovery } from './types.js';
import { unseenSdk } from './unseenSdk.js';

/**
 * Finds every copy of the MCP SDKs in this thread, ESM and CommonJS, v1 and v2: those loaded already and those that come
 * later. `adopt` is told of each class once, before the code that imports a later copy runs. Never throws.
 *
 * In files of other packages it finds SDK code that a bundler has put there, if they load later: `Protocol` and `McpServer`.
 *
 * Not found: bundles loaded before, and ES modules loaded before from a place that no installed package, nor the main script
 * or working folder, leads to. Of an ES module that is loaded already, and of bundles, `createMcpHandler` stays as it is, and
 * so do `StdioServerTransport`s of bundles.
 */
export function discoverSdks(adopt: SdkAdopter, io: DiscoveryIo): SdkDiscovery {
  const adoption = new Adoption(adopt, io.report);
  const ends: (() => void)[] = [];
  const step = (what: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      io.report(
        `MCP SDKs ${what} are not found: ${errorMessage(error)}. Hand servers and clients to instrumentServer() and instrumentClient().`,
      );
    }
  };
  const taking =
    (foundBy: FoundSdk['foundBy']) =>
    (module: LoadedModule): void =>
      adoption.take(module, foundBy);

  // First the hooks: what begins to load between the two would be missed by both.
  step('that load later', () => ends.push(watchLoads(SDK_PATTERN, taking('load hook'), io.nodeVersion, SDK_MARKS)));
  step('that are required later', () => ends.push(watchCjs(SDK_PATTERN, taking('load hook'))));
  step('in bundles', () => {
    ends.push(
      openInstances((seen) => adoption.takeBundled(seen)),
      watchCompile(SDK_MARKS, SDK_PATTERN.files),
    );
  });
  step('loaded already', () => tellLoadedSdks(io, taking('loaded')));

  let unseen: string | undefined;
  step('that are in use', () => (unseen = adoption.copies().length === 0 ? unseenSdk(io) : undefined));

  return {
    copies: () => adoption.copies(),
    unseen: () => (adoption.copies().length === 0 ? unseen : undefined),
    stop: () => {
      adoption.stop();
      for (const end of ends.splice(0).reverse()) end();
    },
  };
}
