// With the optional packages installed, what comes from them has its types.
import { createLogger, fromPool } from 'handoff-otel';
import { handoffServerFactory } from 'handoff-otel/server';
import pg from 'pg';

createLogger().level satisfies string;
// @ts-expect-error A logger of pino is not `any`.
void createLogger().nothing;
// @ts-expect-error A pool is not `any`.
fromPool('postgres://localhost');
void [fromPool(new pg.Pool()), handoffServerFactory];
