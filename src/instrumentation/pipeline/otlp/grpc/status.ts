const RESOURCE_EXHAUSTED = 8;
const UNAVAILABLE = 14;

/**
 * gRPC's status codes in HTTP's terms, which is what retries go by. 503 and 429 are tried again, and just those that OTLP
 * lets a sender try again are mapped to them.
 */
const HTTP_STATUS: ReadonlyMap<number, number> = new Map([
  [0, 200],
  [1, 503], // CANCELLED
  [3, 400], // INVALID_ARGUMENT
  [4, 503], // DEADLINE_EXCEEDED
  [5, 404], // NOT_FOUND
  [7, 403], // PERMISSION_DENIED
  [10, 503], // ABORTED
  [11, 503], // OUT_OF_RANGE
  [12, 501], // UNIMPLEMENTED
  [UNAVAILABLE, 503],
  [15, 503], // DATA_LOSS
  [16, 401], // UNAUTHENTICATED
]);

/** @param mayRetry the receiver says when to come again; only then may one that is full be asked again */
export function httpStatusOf(code: number, mayRetry: boolean): number {
  if (code === RESOURCE_EXHAUSTED) return mayRetry ? 429 : 507;
  return HTTP_STATUS.get(code) ?? 500;
}
