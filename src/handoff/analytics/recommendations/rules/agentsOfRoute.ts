const ARROW = '->';

export interface RouteAgents {
  readonly source: string;
  readonly target: string;
}

/** Returns who hands over to whom on a route; `undefined` where the name of an agent has the arrow in it, so that nobody can tell. */
export function agentsOfRoute(route: string): RouteAgents | undefined {
  const [source, target, ...more] = route.split(ARROW);
  return source === undefined || target === undefined || more.length > 0 ? undefined : { source, target };
}
