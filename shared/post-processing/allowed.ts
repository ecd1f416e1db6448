import { readList } from '../env.ts';
import type { Step } from '../schemas/orchestration.ts';

/** What steps may be handed over to, as the deployment's settings say. */
export interface Allowed {
  readonly functions: readonly string[];
  readonly stateMachines: readonly string[];
  readonly jobTemplates: readonly string[];
}

export const readAllowed = (): Allowed => ({
  functions: readList('allowedFunctions'),
  stateMachines: readList('allowedStateMachines'),
  jobTemplates: readList('allowedJobTemplates'),
});

/** What a step names that the deployment does not allow. */
export interface Forbidden {
  readonly field: 'functionArn' | 'stateMachineArn' | 'jobTemplate';
  readonly given: string;
  readonly message: string;
}

const missingFrom = (
  list: readonly string[],
  field: Forbidden['field'],
  given: string,
  setting: string,
): Forbidden | undefined => {
  if (list.includes(given)) return undefined;
  const known = list.length === 0 ? 'there is none' : list.join(', ');
  return { field, given, message: `must be one of the deployment's ${setting}: ${known}` };
};

/** Undefined: the deployment allows it. */
export const forbiddenIn = (step: Step, allowed: Allowed): Forbidden | undefined => {
  switch (step.kind) {
    case 'lambda':
      return missingFrom(allowed.functions, 'functionArn', step.functionArn, 'lambdaFunctions');
    case 'step-functions':
      return missingFrom(allowed.stateMachines, 'stateMachineArn', step.stateMachineArn, 'stateMachines');
    case 'mediaconvert':
      return missingFrom(allowed.jobTemplates, 'jobTemplate', step.jobTemplate, 'jobTemplates');
    default:
      return undefined;
  }
};
