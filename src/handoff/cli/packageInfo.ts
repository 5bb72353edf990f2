import { readFileSync } from 'node:fs';
import { z } from 'zod';

const schema = z.object({ name: z.string(), version: z.string() });

/** Folder that holds package.json and migrations/: the same way up from the sources and from what is built. */
const packageRoot = new URL('../../../', import.meta.url);

export function packageInfo(): z.output<typeof schema> {
  return schema.parse(JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')));
}
