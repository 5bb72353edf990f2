// With the optional packages installed, the exports that use them have their types.
import { handoffServerFactory } from 'handoff-otel/server';
import { createLogger, fromPool } from 'handoff-otel/services';
import pg from 'pg';

type HostsPool = Parameters<typeof fromPool>[0];

createLogger().level satisfies string;
// @ts-expect-error A logger of pino is not `any`.
void createLogger().nothing;
new pg.Pool() satisfies HostsPool;
// @ts-expect-error A pool is not `any`.
'postgres://localhost' satisfies HostsPool;
void [fromPool, handoffServerFactory];
