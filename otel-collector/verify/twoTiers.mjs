import { join } from 'node:path';
import { freeAddress, startCollector } from './collector.mjs';
import { readExport } from './exported.mjs';
import { stopCleanly } from './outcome.mjs';
import { standIn } from './standIn.mjs';
import { configsOf } from './topologies.mjs';

// The two tiers as processes: one gateway, two nodes, and what stands in for the back ends.

export const NODES = ['node-1', 'node-2'];

/** @param {string[]} hostnames */
const aList = (hostnames) => ({ static: { hostnames } });

/** By name, as a headless service is found: here the name has one address, that of the first node. @param {string[]} addresses */
export function byName([address = '']) {
  const [hostname, port] = address.split(':');
  return { dns: { hostname, port, interval: '1s' } };
}

/**
 * Starts the tiers. `node(name)` starts one node again after it was ended, on the same address and with the same queue.
 * @param {import('./checks.mjs').Place} place
 * @param {Record<string, string>} sampling
 * @param {(addresses: string[]) => object} resolver  how the gateway finds the nodes
 */
export async function startTiers({ binary, dir }, sampling, resolver = aList) {
  const backEnds = await standIn({ binary, dir: join(dir, 'back-ends') });
  const grpc = Object.fromEntries(await Promise.all(NODES.map(async (name) => [name, await freeAddress()])));
  const env = { ...backEnds.env, OTELCOL_SELF_INTERVAL_MS: '500', OTELCOL_DERIVED_INTERVAL: '500ms' };
  const node = (/** @type {string} */ name) =>
    startCollector({
      binary,
      configs: configsOf('node'),
      dir: join(dir, name),
      env: { ...env, ...sampling, OTELCOL_INSTANCE_ID: name, OTELCOL_GRPC_LISTEN: grpc[name] ?? '' },
    });
  const listening = await backEnds.start();
  const nodes = new Map(await Promise.all(NODES.map(async (name) => /** @type {const} */ ([name, await node(name)]))));
  const gateway = await startCollector({
    binary,
    configs: configsOf('gateway'),
    dir: join(dir, 'gateway'),
    env: {
      ...env,
      OTELCOL_INSTANCE_ID: 'gateway-1',
      OTELCOL_SAMPLING_RESOLVER: JSON.stringify(resolver(Object.values(grpc))),
      // Nothing else could take the traces of a node that is down.
      OTELCOL_SAMPLING_RETRY: '0s',
    },
  });
  const stop = async () => {
    for (const collector of [gateway, ...nodes.values(), listening]) await stopCleanly(collector);
  };
  return { gateway, nodes, node, dir: backEnds.dir, stop };
}

/**
 * The latest value of a metric of each process that reports it, added up over its series.
 * @param {string} dir
 * @param {string} name
 * @param {(point: import('./exported.mjs').MetricPoint) => boolean} [wanted]
 */
export function latest(dir, name, wanted = () => true) {
  /** @type {Map<string, { series: string, process: string, timeNano: bigint, value: number }>} */
  const series = new Map();
  for (const point of readExport(dir).metricPoints.filter((candidate) => candidate.name === name && wanted(candidate))) {
    const process = String(point.attributes['collector.instance.id'] ?? point.resource['service.instance.id']);
    const key = JSON.stringify([process, point.resource, point.attributes]);
    const timeNano = BigInt(point.timeUnixNano);
    if ((series.get(key)?.timeNano ?? -1n) < timeNano) series.set(key, { series: key, process, timeNano, value: Number(point.asInt ?? 0) });
  }
  const byProcess = Object.fromEntries(NODES.concat('gateway-1').map((process) => [process, 0]));
  for (const { process, value } of series.values()) byProcess[process] = (byProcess[process] ?? 0) + value;
  return byProcess;
}
