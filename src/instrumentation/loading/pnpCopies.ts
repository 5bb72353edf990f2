import nodeModule from 'node:module';
import { join } from 'node:path';
import { quietly } from '../../errors/quietly.js';

/** What Yarn's Plug'n'Play adds to `node:module` and to every project, as far as it is used here. */
interface PnpApi {
  /** One per installed copy; of a package with peer dependencies one per set of peers, too. Not in every version. */
  readonly getAllLocators?: () => readonly PnpLocator[];
  readonly getPackageInformation: (locator: PnpLocator) => { readonly packageLocation: string } | null;
}
interface PnpLocator {
  readonly name: string | null;
  readonly reference: string | null;
}
interface PnpModule {
  readonly findPnpApi?: (lookupSource: string) => PnpApi | null;
}

/**
 * Folders of installed copies of `names` where Yarn installed them without `node_modules`. They lie in archives that `fs` can look
 * into; the folders of copies for different peers are links that only Yarn knows, and modules go by those names, so nothing is
 * resolved here. Loads nothing, never throws. Nothing is found outside of Plug'n'Play.
 */
export function pnpCopies(names: readonly string[], starts: Iterable<string>): string[] {
  if (process.versions['pnp'] === undefined) return [];
  const roots = new Set<string>();
  for (const api of apisOf(starts)) {
    for (const locator of quietly(() => api.getAllLocators?.()) ?? []) {
      if (locator.name === null || !names.includes(locator.name)) continue;
      const location = quietly(() => api.getPackageInformation(locator)?.packageLocation);
      if (location !== undefined) roots.add(location.replace(/[\\/]$/, ''));
    }
  }
  return [...roots];
}

function apisOf(starts: Iterable<string>): Set<PnpApi> {
  const { findPnpApi } = nodeModule as PnpModule;
  const apis = new Set<PnpApi>();
  for (const start of starts) {
    const api = quietly(() => findPnpApi?.(join(start, 'file')));
    if (api !== undefined && api !== null) apis.add(api);
  }
  return apis;
}
