import { announce, fileNotice, type TransitionPorts } from '../../shared/recordings/transition.ts';
import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import { untoldOf } from '../../shared/table/files.ts';

/**
 * Announces what has become of a file and has not been told yet, and strikes that off once it stands among the notices.
 * Safe to repeat, and for events in any order: what is told follows from the file as it is.
 */
export const tellOfFile = async (
  ports: Pick<TransitionPorts, 'files' | 'notices' | 'queues'>,
  recording: Recording,
  file: RecordingFile,
): Promise<void> => {
  const untold = untoldOf(file);
  if (untold === undefined) return;
  if (file.told === undefined) {
    await announce(ports, fileNotice(recording, { ...file, state: 'recording' }, 'file.opened'));
  }
  if (file.state === 'ready') await announce(ports, fileNotice(recording, file, 'file.ready'));
  // Should it have been closed meanwhile, that is an obligation of its own, whose event is on its way.
  await ports.files.tell(file, untold);
};
