/** Resource attributes that Prometheus makes labels of every series (`promote_resource_attributes`); the others are on `target_info`. */
export const promotedResourceAttributes = [
  'service.name',
  'service.namespace',
  'service.instance.id',
  'service.version',
  'deployment.environment.name',
] as const;

/** Resource attributes that Loki makes labels of its streams; every other attribute is structured metadata of the line. */
export const lokiIndexLabels = ['service.name', 'service.namespace', 'deployment.environment.name'] as const;

/** How long each back end keeps what it has, in days. Metrics outlive the windows of the objectives, or their error budgets are wrong. */
export const retentionDays = { traces: 14, logs: 14, metrics: 45 } as const;
