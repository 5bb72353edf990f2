import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { AnnotationQuery } from '@grafana/grafana-foundation-sdk/dashboard';
import { differs, equals, matches, selector } from '../names/selectors.js';
import { labelName } from '../names/series.js';
import { sourceRef } from './queries.js';

const VERSION = labelName('service.version');

/** A version of a service that was not there five minutes before, and alerts that fire for a chosen service or for none in particular. */
export function annotationBuilders(): Builder<AnnotationQuery>[] {
  const targets = selector('target_info', [matches('job', '$service')]);
  const versions = `count by (job, ${VERSION}) (${targets})`;
  const before = `count by (job, ${VERSION}) (${targets} offset 5m)`;
  const alerts = selector('ALERTS', [equals('alertstate', 'firing'), differs('alertname', 'Watchdog'), matches('job', '|$service')]);
  return [
    annotation('Deploys', `${versions} unless ${before}`, 'blue')
      .titleFormat('Deploy')
      .textFormat(`{{job}} {{${VERSION}}}`)
      .tagKeys(`job,${VERSION}`),
    annotation('Alerts', alerts, 'red').titleFormat('{{alertname}}').textFormat('{{severity}} {{job}}').tagKeys('severity,job'),
  ];
}

function annotation(name: string, expr: string, color: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder().name(name).datasource(sourceRef('prometheus')).enable(true).iconColor(color).expr(expr).step('60s');
}
