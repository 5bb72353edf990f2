import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { VariableSpec } from '../panels/spec.js';
import { PLUGINS, sourceRef } from './queries.js';

const ALL = { text: 'All', value: '$__all', selected: true };

export function variableBuilder(spec: VariableSpec): Builder<VariableModel> {
  switch (spec.kind) {
    case 'source':
      return sourceVariable(spec);
    case 'labels':
      return labelsVariable(spec);
    case 'text':
      return new TextBoxVariableBuilder(spec.name).label(spec.label).description(spec.description).defaultValue('');
    case 'choice':
      return choiceVariable(spec);
  }
}

/** The default is the data source whose uid is its type, as provisioned; where there is none, Grafana takes the first of the type. */
function sourceVariable({ name, label, description, source = 'prometheus' }: VariableSpec): Builder<VariableModel> {
  const builder = new DatasourceVariableBuilder(name).label(label).description(description).type(PLUGINS[source]);
  return builder.current({ text: source, value: source, selected: true });
}

function labelsVariable({ name, label, description, source = 'prometheus', of, all, hidden }: VariableSpec): Builder<VariableModel> {
  if (of === undefined) throw new TypeError(`The variable ${name} lists labels of nothing: give it "of".`);
  const builder = new QueryVariableBuilder(name).label(label).description(description).datasource(sourceRef(source));
  if (source === 'loki') builder.query({ refId: 'labels', type: 1, label: of.label, stream: of.series });
  else {
    const query = `label_values(${of.series},${of.label})`;
    builder.query({ refId: 'labels', qryType: 1, query }).definition(query);
  }
  builder.refresh(VariableRefresh.OnTimeRangeChanged).sort(VariableSort.NaturalAsc).multi(true).includeAll(true).current(ALL);
  if (all !== undefined) builder.allValue(all);
  return hidden === true ? builder.hide(VariableHide.HideVariable) : builder;
}

function choiceVariable({ name, label, description, choices = [], all }: VariableSpec): Builder<VariableModel> {
  const builder = new CustomVariableBuilder(name).label(label).description(description).values(choices.join(','));
  builder.multi(true).includeAll(true).current(ALL);
  return all === undefined ? builder : builder.allValue(all);
}
