import { newRecording, planWith } from '../../shared/recordings/recording.fixture.ts';
import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import type { Table } from '../../shared/table/table.ts';

/** Puts recordings and files into the table, which streams and recorders would make. */
export const createRecorded = (table: () => Table) => {
  const aRecording = async (recordId: string, change: Partial<Recording> = {}): Promise<Recording> => {
    const recording = newRecording({
      recordId,
      stream: 'show',
      sessionId: 'session-1',
      plan: { ...planWith(), sourceUrl: 'rtmp://me:hunter2@origin.example.com/{app}/{stream}' },
      ...{ epoch: 1, captures: 1, revision: 1 },
      ...change,
    });
    await createRecordings(table()).create(recording);
    return recording;
  };

  const aFile = async (recordId: string, change: Partial<RecordingFile>): Promise<RecordingFile> => {
    const file: RecordingFile = {
      recordId,
      fileId: '0001-mp4-0001',
      format: 'mp4',
      bucket: 'recordings',
      key: 'live/a%2Fb.mp4',
      state: 'ready',
      location: 'primary',
      sizeBytes: 1000,
      durationSeconds: 12.5,
      startedAt: '2026-11-22T10:00:00.000Z',
      readyAt: '2026-11-22T10:00:14.000Z',
      epoch: 1,
      ...change,
    };
    await createFiles(table()).open(file);
    return file;
  };

  return { aRecording, aFile };
};
