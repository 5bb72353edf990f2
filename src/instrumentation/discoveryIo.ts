import { reportOnStderr } from './diagnostics/diagnostics.js';
import { jsRuntimeOf } from './loading/jsRuntime.js';
import type { DiscoveryIo } from './mcp/discovery/types.js';

/** What the search for MCP SDKs needs to know about this process. */
export function discoveryIo(): DiscoveryIo {
  return { mainScript: process.argv[1], cwd: workingFolder(), runtime: jsRuntimeOf(process.versions), report: reportOnStderr };
}

/** A working folder that was removed has no path; SDKs that it would lead to are not found. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}
