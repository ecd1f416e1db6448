import { stepReason } from '../../../shared/post-processing/reasons.ts';
import { saysTooMuch } from '../../../shared/throttling.ts';
import type { Begun } from './performer.ts';

/** Their names in the variables of the AWS SDK that say where a service is. */
export type ServiceId = 'LAMBDA' | 'SFN' | 'MEDIACONVERT';

const SERVICES = {
  LAMBDA: 'AWS Lambda',
  SFN: 'AWS Step Functions',
  MEDIACONVERT: 'AWS Elemental MediaConvert',
} as const satisfies Record<ServiceId, string>;

/**
 * Why a service is not there, undefined when it is: where services are played each by a server of its own, one without a
 * server would otherwise be looked for at AWS, or at a server that does not know it.
 */
export const absenceOf = (
  service: ServiceId,
  environment: NodeJS.ProcessEnv = process.env,
): Begun | undefined => {
  const variable = `AWS_ENDPOINT_URL_${service}`;
  const isThere = environment.AWS_ENDPOINT_URL_SQS === undefined || (environment[variable] ?? '') !== '';
  if (isThere) return undefined;
  const detail = `${SERVICES[service]} is not played here; ${variable} can name a server that does.`;
  return { type: 'refused', reason: stepReason('not-there', detail), final: true };
};

/** Whether a service has said that a request is not as it should be: then it has done nothing. */
export const isClientFault = (error: unknown): error is Error =>
  error instanceof Error && '$fault' in error && error.$fault === 'client';

/**
 * What becomes of a try that was not taken. What the service has said is for the log: it names roles and accounts.
 * @throws what may have been taken all the same, or will be: that a service is asked too much is no failure of the step
 */
export const refusedBy = (error: unknown): Begun => {
  if (!isClientFault(error) || saysTooMuch(error.name)) throw error;
  return { type: 'refused', reason: stepReason('not-taken', `${error.name}.`), final: false, cause: error };
};
