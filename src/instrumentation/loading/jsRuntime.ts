/** The JavaScript runtime that runs this process. */
export interface JsRuntime {
  readonly name: 'node' | 'bun' | 'deno';
  /** The runtime's own version. */
  readonly version: string;
  /** The version of Node whose behaviour the runtime claims, as in `process.versions.node`. */
  readonly nodeVersion: string;
}

/** @param versions as in `process.versions` */
export function jsRuntimeOf(versions: Readonly<Record<string, string | undefined>>): JsRuntime {
  const nodeVersion = versions['node'] ?? '0.0.0';
  for (const name of ['bun', 'deno'] as const) {
    const version = versions[name];
    if (version !== undefined) return { name, version, nodeVersion };
  }
  return { name: 'node', version: nodeVersion, nodeVersion };
}
