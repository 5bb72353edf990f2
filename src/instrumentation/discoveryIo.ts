import { reportOnStderr } from './diagnostics/diagnostics.js';
import type { DiscoveryIo } from './mcp/discovery/types.js';

/** What the search for MCP SDKs needs to know of this process. */
export function discoveryIo(): DiscoveryIo {
  return { mainScript: process.argv[1], cwd: workingFolder(), nodeVersion: process.versions.node, report: reportOnStderr };
}

/** A folder that was removed has no name; what would be found from there is not. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}
