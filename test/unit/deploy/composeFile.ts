import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const root = join(import.meta.dirname, '../../..');
export const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What a file holds is what the assertions pin. */
export type Yaml = ReturnType<typeof parse>;
export const yaml = (path: string): Yaml => parse(read(path), { merge: true });

/** The variables of `.env`, which Compose reads by itself. */
export const variables: Readonly<Record<string, string>> = Object.fromEntries(
  [...read('.env').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
);

/** The Compose file, with `${NAME}` as `.env` has it. A name that is not there stays, and fails what expects a value. */
export const compose: Yaml = parse(
  read('docker-compose.yml').replaceAll(/\$\{(\w+)\}/g, (all, name: string) => variables[name] ?? all),
  { merge: true },
);

export const services: readonly (readonly [string, Yaml])[] = Object.entries<Yaml>(compose.services);
export const profiles = ['core', 'full', 'ha'] as const;

/** What `docker compose --profile PROFILE up` starts. */
export function servicesOf(profile: string): readonly (readonly [string, Yaml])[] {
  return services.filter(([, service]) => service.profiles.includes(profile));
}

/** What is mounted from the repository or a volume: source, target and mode. */
export function mountsOf({ volumes = [] }: Yaml): readonly (readonly string[])[] {
  return volumes.map((mount: string) => mount.split(':'));
}

/** The networks of a service: a list, or an object where it has a further name on one of them. */
export function networksOf({ networks = [] }: Yaml): readonly string[] {
  return Array.isArray(networks) ? networks : Object.keys(networks);
}

/** `${env:NAME:-default}` as the collector reads it with the service's environment. */
export function expand(text: string, environment: Record<string, string> = {}): string {
  return text.replaceAll(/\$\{env:(\w+):-([^}]*)\}/g, (_, name: string, byDefault: string) => environment[name] ?? byDefault);
}
