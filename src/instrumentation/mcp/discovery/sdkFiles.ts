import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FieldMark } from '../../loading/fieldMarks.js';
import type { LoadPattern } from '../../loading/loadWatch.js';
import { importTarget, readManifest } from '../../loading/packageFolder.js';

/** Packages that contain the classes we hook: the first is v1, the others are v2 (core only in its early versions). */
export const SDK_PACKAGES = [
  '@modelcontextprotocol/sdk',
  '@modelcontextprotocol/server',
  '@modelcontextprotocol/client',
  '@modelcontextprotocol/core',
];

/** v2 has its classes in chunks with changing names, so any file of these packages may contain them. */
export const SDK_PATTERN: LoadPattern = {
  files: /\/(?:node_modules|npm\/[^/]+)\/@modelcontextprotocol\/(?:sdk|server|client|core)\/(?:\d[^/]*\/)?dist\/[^?#]*\.[cm]?js$/,
  names: ['Protocol', 'Client', 'McpServer', 'StdioServerTransport', 'StdioClientTransport', 'createMcpHandler'],
};

/**
 * How `Protocol` and `McpServer` are recognised in bundles. Both SDKs have had these properties since their first versions. If
 * one renames them, its bundles are no longer found: the tests with the installed versions would fail.
 */
export const SDK_MARKS: readonly FieldMark[] = [
  { field: '_requestHandlerAbortControllers', value: 'map', beside: '_progressHandlers' },
  { field: '_registeredTools', value: 'object', beside: '_registeredPrompts' },
];

/** Where v1 keeps the classes, below `dist/esm` or, in its first versions, `dist`. */
const V1_FILES = ['shared/protocol.js', 'client/index.js', 'client/stdio.js', 'server/mcp.js', 'server/stdio.js'];

export interface SdkPackage {
  readonly name: string;
  readonly version: string;
  readonly root: string;
}

/** Deno's cache has a folder for each version: `npm/registry.npmjs.org/@modelcontextprotocol/server/2.4.0`. */
const PACKAGE_FOLDER =
  /^.*[\\/](?:node_modules[\\/](@modelcontextprotocol[\\/][^\\/]+)|npm[\\/][^\\/]+[\\/](@modelcontextprotocol[\\/][^\\/]+)[\\/]\d[^\\/]*)(?=[\\/]|$)/s;

/** Returns the package that a file or folder belongs to. */
export function packageOf(path: string): SdkPackage | undefined {
  const [root, installed, cached] = PACKAGE_FOLDER.exec(path) ?? [];
  const name = installed ?? cached;
  if (root === undefined || name === undefined) return undefined;
  const version = readManifest(root)?.version;
  return { root, name: name.replace('\\', '/'), version: typeof version === 'string' ? version : 'unknown' };
}

export function packageOfUrl(url: string): SdkPackage | undefined {
  return url.startsWith('file:') ? packageOf(fileURLToPath(url)) : undefined;
}

/**
 * Returns the URLs of the ES modules to look into, one list per way the package may be built. If the first of a list is not
 * loaded, the rest can be skipped: they import it.
 */
export function esmEntries(root: string): readonly (readonly string[])[] {
  const urls = (files: readonly string[]): string[] => files.map((file) => pathToFileURL(join(root, file)).href);
  const exports = readManifest(root)?.exports;
  const main = importTarget(exports, '.');
  const stdio = importTarget(exports, './stdio');
  const isV1 = packageOf(root)?.name.endsWith('/sdk') === true;
  if (!isV1) return [main, stdio].flatMap((file) => (file === undefined ? [] : [urls([file])]));
  return ['dist/esm', 'dist'].map((folder) => urls(V1_FILES.map((file) => `${folder}/${file}`)));
}
