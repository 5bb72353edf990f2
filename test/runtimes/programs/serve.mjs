import { createRequire } from 'node:module';
import { McpServer, createMcpHandler } from '@modelcontextprotocol/server';
import { Redis } from 'ioredis';
import pg from 'pg';
import { pino } from 'pino';
import { z } from 'zod';

// A server as people write it for Bun and Deno: a handler behind the runtime's own HTTP server, and a tool that uses everything we cover.

/** Says on stderr on which port it listens. */
export function serve() {
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
  const redis = new Redis(process.env.REDIS_URL);
  const log = pino(pino.destination(2));
  // A load hook would make Deno take this file for JavaScript.
  const { name } = createRequire(import.meta.url)('./package.json');
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name, version: '1.0.0' });
    server.registerTool('roll', { description: 'Rolls a die.', inputSchema: z.object({ sides: z.int().min(2) }) }, async ({ sides }) => {
      const { rows } = await pool.query('SELECT $1::int AS sides', [sides]);
      await redis.set('sides', String(rows[0].sides));
      log.info('rolled');
      return { content: [{ type: 'text', text: await redis.get('sides') }] };
    });
    return server;
  });
  const listening = (port) => process.stderr.write(`PORT ${port}\n`);
  if (process.versions.bun) listening(Bun.serve({ port: 0, fetch: (request) => handler.fetch(request) }).port);
  else Deno.serve({ port: 0, onListen: ({ port }) => listening(port) }, (request) => handler.fetch(request));
}
