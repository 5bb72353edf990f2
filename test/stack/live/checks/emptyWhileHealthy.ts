/** Queries whose series appear with the first failure: a fault has to fill them. By board and panel. */
export const emptyWhileHealthy: readonly string[] = [];
