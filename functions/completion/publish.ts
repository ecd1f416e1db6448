import type { CompletionJob, Notice } from '../../shared/events/notices.ts';
import type { Notices } from '../../shared/table/notices.ts';
import type { Telemetry } from '../common/telemetry.ts';
import type { StartRuns } from './start-runs.ts';
import type { ManifestWriter } from './write-manifest.ts';

export interface CompletionPorts {
  readonly notices: Pick<Notices, 'get' | 'remove'>;
  readonly manifest: ManifestWriter;
  /** Makes its deliveries to callbacks; safe to repeat. */
  fanOut(notice: Notice): Promise<void>;
  /** Begins the post-processing that it asks for; safe to repeat. */
  readonly startRuns: StartRuns;
  publish(notice: Notice): Promise<void>;
  readonly telemetry: Telemetry;
}

/** Whether it tells of something that the manifest of a completed recording says otherwise. */
const changesManifest = ({ type, recording }: Notice): boolean =>
  recording.state === 'completed' && (type === 'file.ready' || type === 'file.moved');

/**
 * Makes the deliveries of a notice, begins its post-processing, publishes it and takes it from the obligations, in this
 * order: a crash in between does it again, and only what subscribers of the topic see is doubled by that. One that is not
 * there any more has been published. The manifest of a recording is there before its end is told, and is brought up to
 * date after anything else was told that changes it; a storage that does not take it holds nothing up.
 */
export const createCompletion =
  ({ notices, manifest, fanOut, startRuns, publish, telemetry }: CompletionPorts) =>
  async (job: CompletionJob): Promise<void> => {
    const { recordId } = job;
    if ('manifestDueAt' in job) {
      await manifest.writeOwed(recordId, job.manifestDueAt);
      // A file of it may have failed that the others waited for.
      return startRuns.forEnded(recordId);
    }
    const notice = await notices.get(recordId, job.noticeId);
    if (notice === undefined) return;
    if (notice.type === 'recording.ended') await manifest.write(recordId);
    await fanOut(notice);
    await startRuns.forNotice(notice);
    await publish(notice);
    if (changesManifest(notice)) await manifest.write(recordId);
    await notices.remove(recordId, job.noticeId);
    telemetry.count('NoticesPublished');
  };
