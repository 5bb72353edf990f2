import nodeModule from 'node:module';
import { join } from 'node:path';
import { quietly } from '../../errors/quietly.js';

/** What Yarn's Plug'n'Play adds to `node:module` and to every project, as far as it is used here. */
interface PnpApi {
  /** One per installed copy; for a package with peer dependencies, one per set of peers too. Not in every version. */
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
 * Returns the folders of installed copies of `names` where Yarn installed them without `node_modules`. They are in archives that
 * `fs` can read; the folders of copies for different peers are links that only Yarn knows, and modules are named by them, so
 * nothing is resolved here. Loads nothing, never throws. Finds nothing outside Plug'n'Play.
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
