interface DenoPermissions {
  readonly permissions: { querySync(descriptor: { readonly name: 'net'; readonly host: string }): { readonly state: string } };
}

/** What is asked of Node's process. */
export interface NodePermissions {
  readonly permission?: { has(scope: string): boolean } | undefined;
  readonly allowedNodeEnvironmentFlags: ReadonlySet<string>;
}

/**
 * Returns why this process may not listen; `undefined` if it may. Deno, and Node under `--permission`, throw that where nobody can
 * catch it, and the host would end.
 */
export function listenRefusal(host: string, port: number, node: NodePermissions = process): string | undefined {
  const deno = Reflect.get(globalThis, 'Deno') as DenoPermissions | undefined;
  if (deno !== undefined) {
    const { state } = deno.permissions.querySync({ name: 'net', host: `${host.includes(':') ? `[${host}]` : host}:${port}` });
    return state === 'granted' ? undefined : 'Deno does not allow it without --allow-net';
  }
  // Before Node 25, `--permission` does not concern the network, and says of it that it is not allowed.
  const concernsNetwork = node.permission !== undefined && node.allowedNodeEnvironmentFlags.has('--allow-net');
  return concernsNetwork && node.permission?.has('net') !== true ? 'Node does not allow it without --allow-net' : undefined;
}
