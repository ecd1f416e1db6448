import type { CompletionJob, Notice } from '../../shared/events/notices.ts';
import type { Notices } from '../../shared/table/notices.ts';
import type { Telemetry } from '../common/telemetry.ts';

export interface CompletionPorts {
  readonly notices: Pick<Notices, 'get' | 'remove'>;
  /** Makes its deliveries to callbacks; safe to repeat. */
  fanOut(notice: Notice): Promise<void>;
  /** Begins the post-processing that it asks for; safe to repeat. */
  startRuns(notice: Notice): Promise<void>;
  publish(notice: Notice): Promise<void>;
  readonly telemetry: Telemetry;
}

/**
 * Makes the deliveries of a notice, begins its post-processing, publishes it and takes it from the obligations, in this order: a crash in between
 * does it again, and only what subscribers of the topic see is doubled by that. One that is not there any more has been
 * published.
 */
export const createCompletion =
  ({ notices, fanOut, startRuns, publish, telemetry }: CompletionPorts) =>
  async ({ recordId, noticeId }: CompletionJob): Promise<void> => {
    const notice = await notices.get(recordId, noticeId);
    if (notice === undefined) return;
    await fanOut(notice);
    await startRuns(notice);
    await publish(notice);
    await notices.remove(recordId, noticeId);
    telemetry.count('NoticesPublished');
  };
