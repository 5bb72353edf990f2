const { freeAddress } = (await import(new URL('../../../otel-collector/verify/collector.mjs', import.meta.url).href)) as {
  freeAddress: () => Promise<Address>;
};

/** A host of the loopback interface and a TCP port of it, as in `127.4.5.6:40000`. */
export type Address = `${string}:${number}`;

/**
 * An address for a server that goes down and comes up again. On Linux its host is one that nobody else uses: a port of 127.0.0.1 that is
 * free now may be taken by another program, or by another server of the same test, before its owner listens there.
 */
export function ownAddress(): Promise<Address> {
  return freeAddress();
}

/** What `listen()` of a server in Node wants. */
export function listenOptions(address: Address): { readonly host: string; readonly port: number } {
  const [host = '', port = ''] = address.split(':');
  return { host, port: Number(port) };
}
