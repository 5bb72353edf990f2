/** The text of anything that was thrown, `Error` or not. Never throws itself, whatever getters the value has. */
export function errorMessage(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return 'unprintable error';
  }
}

/** Any thrown value as an `Error`, keeping the original as `cause` when it was something else. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(errorMessage(thrown), { cause: thrown });
}

/** The string `code` of an error (`ECONNREFUSED`, SQLSTATE `23505`, `HANDOFF_CONFIG`), if it has one. */
export function errorCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
