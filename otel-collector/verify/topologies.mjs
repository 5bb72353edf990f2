import { join } from 'node:path';

/**
 * The ways in which the files of the folder above belong together: each is a list for `--config`, in order.
 * @type {Record<string, string[]>}
 */
export const layers = {
  single: ['config.yaml'],
  'single, to files': ['config.yaml', 'config.file.yaml'],
  'single, scraped': ['config.yaml', 'config.pull.yaml'],
  'single, sampling': ['config.yaml', 'config.sampling.yaml'],
  'single, sampling, scraped': ['config.yaml', 'config.sampling.yaml', 'config.pull.yaml'],
  gateway: ['config.yaml', 'config.gateway.yaml'],
  'gateway, scraped': ['config.yaml', 'config.gateway.yaml', 'config.pull.yaml'],
  node: ['config.yaml', 'config.sampling.yaml', 'config.node.yaml'],
  'node, scraped': ['config.yaml', 'config.sampling.yaml', 'config.node.yaml', 'config.pull.yaml'],
};

/**
 * The paths of a list above.
 * @param {string} name
 */
export function configsOf(name) {
  const files = layers[name];
  if (files === undefined) throw new Error(`There is no topology "${name}": use one of ${Object.keys(layers).join(', ')}.`);
  return files.map((file) => join(import.meta.dirname, '..', file));
}
