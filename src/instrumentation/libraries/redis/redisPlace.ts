import type { RedisPlace } from './redisOperation.js';
import type { Client } from './redisTypes.js';

const NOWHERE: RedisPlace = {};

/** Whether a Sentinel, or a connector of the host, chooses where each connection of a client leads. */
export function isPlaceChosen({ options }: Client): boolean {
  return Boolean(options?.sentinels) || typeof options?.Connector === 'function';
}

/**
 * Returns where a client is connected. Only the connection itself knows what was chosen; a Cluster has no place of its own, only
 * its nodes do.
 */
export function placeOf(client: Client): RedisPlace {
  const { options = {}, status, stream, isCluster } = client;
  if (isCluster === true) return NOWHERE;
  if (isPlaceChosen(client)) {
    const isConnected = (status === 'ready' || status === 'connect') && stream !== undefined && stream !== null;
    return isConnected ? { serverAddress: stream.remoteAddress, serverPort: stream.remotePort } : NOWHERE;
  }
  const { path, host, port } = options;
  return typeof path === 'string' ? { serverAddress: path } : { serverAddress: host, serverPort: port };
}
