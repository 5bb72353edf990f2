import type { LevelControl } from '../../../logging/levels.js';
import type { Reload } from '../../config/reload/configReload.js';
import { admissionVariables } from '../../../variables/admissionVariables.js';
import { alertTargetVariables, memoryVariables, thresholdVariables } from '../../../variables/alertVariables.js';
import { analyticsVariables, monitoringVariables } from '../../../variables/monitoringVariables.js';
import { analyticsConfig } from './analyticsConfig.js';
import { admissionSettings } from './admissionSettings.js';
import type { BackEnd } from './backEnd.js';
import { monitoringChange } from './monitoringConfig.js';

const namesOf = <T extends object>(...tables: T[]): (keyof T & string)[] =>
  tables.flatMap((table) => Object.keys(table) as (keyof T & string)[]);

/** Has the parts of a server take what has changed in its configuration file. */
export function followSettings(
  reload: Reload,
  { monitoring, analytics, admission }: Pick<BackEnd, 'monitoring' | 'analytics' | 'admission'>,
  log: LevelControl,
): void {
  const monitored = [
    ...namesOf(monitoringVariables),
    ...namesOf(thresholdVariables),
    ...namesOf(alertTargetVariables),
    ...namesOf(memoryVariables),
  ];
  reload.onChange(monitored, (settings) => monitoring.reconfigure(monitoringChange(settings)));
  reload.onChange(namesOf(analyticsVariables), (settings) => analytics.reconfigure(analyticsConfig(settings)));
  reload.onChange(namesOf(admissionVariables), (settings) => admission.configure(admissionSettings(settings)));
  reload.onChange(['HANDOFF_LOG_LEVEL', 'HANDOFF_LOG_COMPONENT_LEVELS'], (settings) => {
    log.setLevels({ level: settings.HANDOFF_LOG_LEVEL, components: settings.HANDOFF_LOG_COMPONENT_LEVELS ?? {} });
  });
}
