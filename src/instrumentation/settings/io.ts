import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ourRequire } from '../loading/ourRequire.js';
import type { ReadFile } from './tlsMaterial.js';

/** The file access that reading the settings needs. */
export interface SettingsIo {
  readonly readFile: ReadFile;
  /** Reads and checks a configuration file and substitutes `${…}` from the process's environment. Throws when it cannot. */
  readonly readConfigFile: (path: string) => ConfigFile;
}

export interface ConfigFile {
  readonly model: unknown;
  readonly text: string;
}

/** More than any configuration or certificate needs; a pipe or a device would never end. */
const MAX_BYTES = 1_048_576;

export const systemIo: SettingsIo = {
  readFile: (path) => {
    requireFile(path);
    return readFileSync(path);
  },
  readConfigFile,
};

function requireFile(path: string): void {
  const facts = statSync(path);
  if (!facts.isFile() || facts.size > MAX_BYTES) throw new TypeError('it is not a file of at most 1 MiB');
}

interface ConfigurationPackage {
  parseConfigFile(path: string): unknown;
}

interface YamlPackage {
  parseDocument(text: string): {
    readonly errors: readonly { readonly code: string; readonly linePos?: readonly { readonly line: number }[] }[];
  };
}

/**
 * Uses OpenTelemetry's own parser, in sdk-node's copy, and only when there is a file: it takes 50 ms to load.
 *
 * Broken YAML is checked for first. The parser ignores it and continues with half of the file: an unclosed quote silently
 * swallows the rest of a section. Delete the check when `parseConfigFile` rejects such files.
 */
function readConfigFile(path: string): ConfigFile {
  requireFile(path);
  const text = readFileSync(path, 'utf8');
  const theirs = createRequire(ourRequire().resolve('@opentelemetry/sdk-node'));
  const { parseDocument } = createRequire(theirs.resolve('@opentelemetry/configuration'))('yaml') as YamlPackage;
  const [error] = parseDocument(text).errors;
  // Its message quotes the line, which may hold a password.
  if (error !== undefined) throw new SyntaxError(`invalid YAML at line ${error.linePos?.[0]?.line ?? 0} (${error.code})`);
  const { parseConfigFile } = theirs('@opentelemetry/configuration') as ConfigurationPackage;
  return { model: parseConfigFile(path), text };
}
