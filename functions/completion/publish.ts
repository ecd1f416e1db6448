import type { CompletionJob, Notice } from '../../shared/events/notices.ts';
import type { Notices } from '../../shared/table/notices.ts';
import type { Telemetry } from '../common/telemetry.ts';

export interface CompletionPorts {
  readonly notices: Pick<Notices, 'get' | 'remove'>;
  publish(notice: Notice): Promise<void>;
  readonly telemetry: Telemetry;
}

/**
 * Publishes a notice and takes it from the obligations, in this order: a crash in between publishes it again. One
 * that is not there any more has been published.
 */
export const createCompletion =
  ({ notices, publish, telemetry }: CompletionPorts) =>
  async ({ recordId, noticeId }: CompletionJob): Promise<void> => {
    const notice = await notices.get(recordId, noticeId);
    if (notice === undefined) return;
    await publish(notice);
    await notices.remove(recordId, noticeId);
    telemetry.count('NoticesPublished');
  };
