import type { Recording, RecordingFile } from '../schemas/recording.ts';
import type { Files } from '../table/files.ts';

/**
 * Seals a file whose recorder is gone: its epoch becomes one that the recorder which opened it does not have, so that a
 * recorder that was only slow is refused from here on.
 * @returns the sealed file; undefined when somebody else is at it
 */
export const sealAbandoned = async (
  files: Pick<Files, 'write'>,
  recording: Recording,
  file: RecordingFile,
): Promise<RecordingFile | undefined> => {
  // While the recording runs under the file's own epoch, its recorder is at work.
  const isOurs =
    recording.state === 'recording' && recording.owner !== undefined && file.epoch === recording.epoch;
  // While it is handed over, the recorder that leaves closes its files itself.
  const { handover } = recording;
  const isLeavers = handover !== undefined && handover.left !== true && file.epoch === handover.epoch;
  if (isOurs || isLeavers) return undefined;
  const sealed = { ...file, epoch: Math.max(file.epoch, recording.epoch) };
  return (await files.write(sealed, file.epoch)) ? sealed : undefined;
};
