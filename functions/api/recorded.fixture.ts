import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import type { Table } from '../../shared/table/table.ts';

/** Puts recordings and files into the table, which streams and recorders would make. */
export const createRecorded = (table: () => Table) => {
  const aRecording = async (recordId: string, change: Partial<Recording> = {}): Promise<Recording> => {
    const recording: Recording = {
      recordId,
      domain: 'push.example.com',
      app: 'live',
      stream: 'show',
      sessionId: 'session-1',
      plan: {
        templateId: 'tpl_1',
        content: 'origin',
        timeZone: 'UTC',
        formats: { hls: { segmentSeconds: 10, resumptionTimeout: 0 }, mp4: { maxMinutes: 30 } },
        path: '{RandomID}',
        sourceUrl: 'rtmp://me:hunter2@origin.example.com/{app}/{stream}',
        storage: { bucket: 'recordings', region: 'eu-central-1' },
      },
      state: 'recording',
      startedAt: '2026-11-22T10:00:00.000Z',
      epoch: 1,
      captures: 1,
      revision: 1,
      ...change,
    };
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
