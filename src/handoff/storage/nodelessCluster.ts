import type { Cluster } from 'ioredis';

/** What a Cluster whose nodes name none that has slots is refused with. */
export const NO_NODES = 'The Redis Cluster names no node that has slots';

/**
 * A node that was never told of another one does not know its own address, and names none for its slots; a new one has no slots. ioredis
 * calls a Cluster without any node ready, closes it for want of nodes, and begins anew. It is no connection: the error says so, before
 * others hear that it is ready.
 */
export function refusingNodeless(
  cluster: Cluster,
  { onRefusal, onServed }: { onRefusal: () => unknown; onServed: () => unknown },
): Cluster {
  return cluster.on('ready', () => {
    if (cluster.nodes().length > 0) onServed();
    else {
      onRefusal();
      cluster.emit('error', new Error(NO_NODES));
    }
  });
}

export function isNodeless(error: Error): boolean {
  return error.message === NO_NODES;
}
