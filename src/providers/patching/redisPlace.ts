import type { RedisPlace } from './redisOperation.js';
import type { Client } from './redisTypes.js';

const NOWHERE: RedisPlace = {};

/**
 * Where a client is connected to. What a Sentinel, or a connector of the host, chose is known only by the connection itself,
 * and not before there is one; of a Cluster only its nodes are anywhere.
 */
export function placeOf({ options = {}, status, stream, isCluster }: Client): RedisPlace {
  const { path, host, port, sentinels, Connector } = options;
  if (isCluster === true) return NOWHERE;
  if (sentinels || typeof Connector === 'function') {
    const isConnected = (status === 'ready' || status === 'connect') && stream !== undefined && stream !== null;
    return isConnected ? { serverAddress: stream.remoteAddress, serverPort: stream.remotePort } : NOWHERE;
  }
  return typeof path === 'string' ? { serverAddress: path } : { serverAddress: host, serverPort: port };
}
