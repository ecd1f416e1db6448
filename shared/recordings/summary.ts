import type { RecordingSummary } from '../events/notices.ts';
import { FORMATS } from '../schemas/names.ts';
import type { Recording, RecordingFile } from '../schemas/recording.ts';

/** What notices say of a recording. */
export const summaryOf = ({ plan, ...recording }: Recording): RecordingSummary => {
  const { recordId, domain, app, stream, sessionId, taskId, state, startedAt, endedAt, media } = recording;
  return {
    ...{ recordId, domain, app, stream, sessionId },
    ...(taskId === undefined ? {} : { taskId }),
    ...(plan.templateId === undefined ? {} : { templateId: plan.templateId }),
    ...{ state, startedAt },
    ...(endedAt === undefined ? {} : { endedAt }),
    formats: FORMATS.filter((format) => plan.formats[format] !== undefined),
    ...(media === undefined ? {} : { media }),
  };
};

/** Of the bucket that a file is in; undefined in the spool, which is Streamkeep's own. */
export const regionOf = (
  { plan }: Pick<Recording, 'plan'>,
  { location }: Pick<RecordingFile, 'location'>,
): string | undefined =>
  location === 'spool' ? undefined : (location === 'primary' ? plan.storage : plan.backup)?.region;
