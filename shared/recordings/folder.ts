import { renderPath } from '../path/placeholders.ts';
import type { Recording } from '../schemas/recording.ts';

/** What the name of a recording's own folder follows from: nothing that changes. */
export type FolderOf = Pick<Recording, 'recordId' | 'domain' | 'app' | 'stream' | 'startedAt' | 'plan'>;

/**
 * The key, without `/` at its end, under which everything is that is about a whole recording. It lies where the files
 * do, and holds the recording's id wherever the template's path has it or not: no other recording uses it.
 */
export const folderOfRecording = ({ recordId, domain, app, stream, startedAt, plan }: FolderOf): string =>
  renderPath(plan.path.includes('{RecordId}') ? plan.path : `${plan.path}-{RecordId}`, {
    recordSource: plan.content,
    ...{ domain, app, stream, recordId },
    randomId: recordId,
    start: new Date(startedAt),
    timeZone: plan.timeZone,
  });

/** The key of a recording's manifest, in its primary storage. */
export const manifestKeyOf = (recording: FolderOf): string =>
  `${folderOfRecording(recording)}/recording.json`;
