const RESOURCE_EXHAUSTED = 8;
const UNAVAILABLE = 14;

/**
 * Maps gRPC's status codes to HTTP's, on which retries are based. 503 and 429 are retried, and only the codes that OTLP lets a
 * sender retry are mapped to them.
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

/** @param mayRetry whether the receiver says when to retry; only then may a request to an exhausted one be retried */
export function httpStatusOf(code: number, mayRetry: boolean): number {
  if (code === RESOURCE_EXHAUSTED) return mayRetry ? 429 : 507;
  return HTTP_STATUS.get(code) ?? 500;
}

/** The names of gRPC's status codes, in order. */
const NAMES =
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED'.split(
    ' ',
  );

/** Returns the name of a status code; of one that gRPC does not know, that of `UNKNOWN`, as gRPC itself takes it. */
export function statusName(code: number): string {
  return NAMES[code] ?? 'UNKNOWN';
}
