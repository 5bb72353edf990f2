/** Set by `globalServices.ts` before the workers start; a person may set them to use servers of their own. */
export const DATABASE_VARIABLE = 'TEST_DATABASE_URL';
export const REDIS_VARIABLE = 'TEST_REDIS_URL';

/** Set by `globalServices.ts` for each test run. */
export const TEMPLATE_VARIABLE = 'TEST_TEMPLATE_DATABASE';

/** The name of the migrated database of this test run, which `migratedDatabase.ts` makes when it is needed first. */
export function templateName(): string {
  return given(TEMPLATE_VARIABLE);
}

/** URL of the PostgreSQL server of this test run. Shared by all test files: make a database of your own in it. */
export function databaseUrl(): string {
  return given(DATABASE_VARIABLE);
}

/** URL of the Redis server of this test run. Shared by all test files: use a key prefix of your own. */
export function redisUrl(): string {
  return given(REDIS_VARIABLE);
}

function given(variable: string): string {
  const url = process.env[variable];
  if (url) return url;
  throw new Error(`${variable} is not set: unit tests run without servers, so move this test to test/integration, or set the variable.`);
}
