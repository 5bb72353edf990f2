import { errorMessage } from '../../../errors/classify.js';
import type { LoadedModule } from '../../loading/loadWatch.js';
import { openInstances } from '../../loading/instances.js';
import { watchCjs } from '../../loading/watchCjs.js';
import { watchCompile } from '../../loading/watchCompile.js';
import { watchLoads } from '../../loading/watchLoads.js';
import { Adoption } from './adoption.js';
import { reportLoadedSdks } from './loadedSdks.js';
import { SDK_MARKS, SDK_PATTERN } from './sdkFiles.js';
import type { DiscoveryIo, FoundSdk, SdkAdopter, SdkDiscovery } from './types.js';
import { unseenSdk } from './unseenSdk.js';

/**
 * Finds every copy of the MCP SDKs in this thread, ESM and CommonJS, v1 and v2: those already loaded and those loaded
 * later. `adopt` is given each class once, before the code that imports a later copy runs. Never throws.
 *
 * In files of other packages that load later, it finds SDK code that a bundler has put there: `Protocol` and `McpServer`.
 *
 * It does not find bundles that are already loaded, nor ES modules already loaded from a place that no installed package, main
 * script or working folder leads to. `createMcpHandler` stays unwrapped in ES modules that are already loaded and in bundles, and
 * so does `StdioServerTransport` in bundles.
 */
export function discoverSdks(adopt: SdkAdopter, io: DiscoveryIo): SdkDiscovery {
  const adoption = new Adoption(adopt, io.report);
  const ends: (() => void)[] = [];
  const step = (what: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      io.report(
        `MCP SDKs ${what} are not found: ${errorMessage(error)}. Pass servers and clients to instrumentServer() and instrumentClient().`,
      );
    }
  };
  const taking =
    (foundBy: FoundSdk['foundBy']) =>
    (module: LoadedModule): void =>
      adoption.take(module, foundBy);

  // The hooks come first: otherwise anything that starts to load between the two steps would be missed by both.
  step('that load later', () => ends.push(watchLoads(SDK_PATTERN, taking('load hook'), io.runtime, SDK_MARKS)));
  step('that are required later', () => ends.push(watchCjs(SDK_PATTERN, taking('load hook'))));
  step('in bundles', () => {
    ends.push(
      openInstances((seen) => adoption.takeBundled(seen)),
      watchCompile(SDK_MARKS, SDK_PATTERN.files),
    );
  });
  step('that are already loaded', () => reportLoadedSdks(io, taking('loaded')));

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
