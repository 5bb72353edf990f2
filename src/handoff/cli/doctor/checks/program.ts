import { unmetRequirement } from '../../../../instrumentation/loading/supportedNode.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';

/** Those on which the package is used and tested. */
const KNOWN_PLATFORMS: readonly string[] = ['linux', 'darwin'];

export function nodeCheck(version: string = process.versions.node, platform: string = process.platform): Check {
  return {
    name: 'program.node',
    group: 'program',
    looksWhether: 'this version of Node is supported, and the operating system is one that the package is tested on',
    limitMs: 1000,
    run: async () => {
      const unmet = unmetRequirement(version);
      if (unmet !== undefined) return [failure(`handoff-otel ${unmet}.`, 'Install a newer Node, for instance the current LTS version.')];
      const known = KNOWN_PLATFORMS.includes(platform)
        ? []
        : [warning(`This package is not tested on ${platform}.`, 'Run the server on Linux or macOS, or report what does not work here.')];
      return [fine(`Node ${version} is supported.`), ...known];
    },
  };
}
