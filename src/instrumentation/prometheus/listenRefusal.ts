interface DenoPermissions {
  readonly permissions: { querySync(descriptor: { readonly name: 'net'; readonly host: string }): { readonly state: string } };
}

/**
 * Returns why this process may not listen; `undefined` if it may. Deno throws that where nobody can catch it, and the host would end.
 * Other runtimes emit it as the server's error.
 */
export function listenRefusal(host: string, port: number): string | undefined {
  const deno = Reflect.get(globalThis, 'Deno') as DenoPermissions | undefined;
  if (deno === undefined) return undefined;
  const { state } = deno.permissions.querySync({ name: 'net', host: `${host.includes(':') ? `[${host}]` : host}:${port}` });
  return state === 'granted' ? undefined : 'Deno does not allow it without --allow-net';
}
