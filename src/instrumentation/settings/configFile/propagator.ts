import { isPropagator } from '../propagators.js';
import type { PropagatorName } from '../propagators.js';
import type { ConfigNode } from './configNode.js';

/** Reads `propagator.composite`, then what `propagator.composite_list` adds. Without either, no context is read or passed on. */
export function propagatorsOf(node: ConfigNode | undefined): readonly PropagatorName[] {
  if (node === undefined) return [];
  const names = new Set<PropagatorName>();
  for (const entry of node.list('composite')) {
    const [name] = entry.choice();
    if (isPropagator(name)) names.add(name);
    else if (name !== 'none') entry.notify(name, 'is not supported and is ignored. Use tracecontext, baggage, b3 or b3multi');
  }
  const listed = (node.text('composite_list') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  for (const name of listed) {
    if (isPropagator(name)) names.add(name);
    else if (name !== 'none') node.notify('composite_list', 'names a propagator that is not supported; it is ignored');
  }
  return listed.includes('none') ? [] : [...names];
}
