import type { LibraryStatus } from '../libraries/libraryStatus.js';
import type { FoundSdk } from '../mcp/discovery/types.js';
import type { SignalsStatus } from './signalsStatus.js';

/** What `status()` returns. */
export interface InstrumentationStatus {
  /**
   * `active`: our SDK runs. `joined`: another SDK was registered first; spans and metrics go where it sends them. `disabled`:
   * OTEL_SDK_DISABLED. `failed`: the SDK could not be started, OTEL_CONFIG_FILE could not be used, or this version of Node is
   * too old; stderr says why. `shut down`: after `shutdown()`.
   */
  readonly state: 'active' | 'joined' | 'disabled' | 'failed' | 'shut down';
  /** Present when `active`. */
  readonly signals?: SignalsStatus;
  readonly libraries: readonly LibraryStatus[];
  /** Copies of the MCP SDKs that were found; their servers and clients need no `instrumentServer()`. */
  readonly mcpSdks: readonly FoundSdk[];
  /** Settings that were not used as given, one sentence each. */
  readonly notices: readonly string[];
}
