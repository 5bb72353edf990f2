import type { CodebaseSettings } from '../../codebase/codebase.js';
import type { HandoffConfig } from '../../config/resolve.js';

/** What `analyze_codebase` may read, as the variables say. */
export function codebaseSettings(settings: HandoffConfig['settings']): CodebaseSettings {
  return {
    roots: settings.HANDOFF_CODEBASE_ROOTS ?? [],
    maxFiles: settings.HANDOFF_CODEBASE_MAX_FILES,
    maxFileBytes: settings.HANDOFF_CODEBASE_MAX_FILE_BYTES,
    maxTotalBytes: settings.HANDOFF_CODEBASE_MAX_TOTAL_BYTES,
    fileTimeoutMs: settings.HANDOFF_CODEBASE_FILE_TIMEOUT_MS,
    timeoutMs: settings.HANDOFF_CODEBASE_TIMEOUT_MS,
  };
}
