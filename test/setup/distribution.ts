import { existsSync, readFileSync } from 'node:fs';

/** Name and version of the Linux distribution, fit for the name of a folder. */
export function distribution(): string {
  const file = '/etc/os-release';
  const values = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const value = (key: string): string => new RegExp(`^${key}="?([^"\\n]+)`, 'm').exec(values)?.[1] ?? 'unknown';
  return `${value('ID')}-${value('VERSION_ID')}`.replace(/[^\w.-]/g, '_');
}
