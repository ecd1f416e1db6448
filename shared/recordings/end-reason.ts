import type { Reason } from '../schemas/recording.ts';

/**
 * Every way a capture, a recording or a task ends, pauses or fails. `cause` says whose doing it was:
 * the source (stream, ingest server), the storage, the user, a limit somebody set, or Streamkeep itself (`ours`).
 */
export const END_REASONS = {
  'session-ended': { cause: 'source', text: 'The stream ended.' },
  'source-silent': { cause: 'source', text: 'The source sent nothing for too long.' },
  'source-unreachable': { cause: 'source', text: 'The source could not be reached.' },
  'source-refused': { cause: 'source', text: 'The address of the source is not allowed.' },
  'source-no-media': { cause: 'source', text: 'The source sent nothing that could be recorded.' },
  'source-unsupported': { cause: 'source', text: 'The stream is in a format that cannot be recorded.' },
  'source-invalid': { cause: 'source', text: 'The source sent what cannot be read as a stream.' },
  'codec-changed': {
    cause: 'source',
    text: 'The codec settings changed in mid-stream; new files were begun.',
  },
  'time-jumped': {
    cause: 'source',
    text: 'The time stamps of the stream jumped; new files were begun.',
  },
  'session-resumed': {
    cause: 'source',
    text: 'The stream was interrupted for a moment and came back; new files were begun.',
  },
  'max-duration': { cause: 'limit', text: 'The maximum duration of the template was reached.' },
  'task-ended': { cause: 'limit', text: 'The end of its task was reached.' },
  'stream-missed': { cause: 'source', text: 'The stream was not live while the task was due.' },
  'not-recordable': { cause: 'user', text: 'The stream was live, but could not be recorded.' },
  'task-stopped': { cause: 'user', text: 'The task was stopped by request.' },
  stopped: { cause: 'user', text: 'The recording was stopped by request.' },
  'storage-denied': { cause: 'storage', text: 'The storage denied access.' },
  'storage-failed': { cause: 'storage', text: 'The storage did not take the data.' },
  'overflow-full': {
    cause: 'storage',
    text: 'No storage took the data, and what may wait on local disk is full.',
  },
  'no-recorder': { cause: 'ours', text: 'No recorder was free while the stream was live.' },
  'recorder-lost': { cause: 'ours', text: 'The recorder stopped answering.' },
  'recorder-drained': { cause: 'ours', text: 'The recorder is shutting down and has handed over.' },
  'watermark-missing': {
    cause: 'ours',
    text: 'The image of the watermark could not be read; the recording goes on without it.',
  },
  'standby-missing': {
    cause: 'ours',
    text: 'The standby content could not be read; the recording goes on without it.',
  },
  'stream-awaited': {
    cause: 'source',
    text: 'The stream is interrupted; when it comes back in time, standby content stands in the gap.',
  },
  'encoder-slow': {
    cause: 'ours',
    text: 'The recorder could not encode as fast as the stream came.',
  },
  'ffmpeg-failed': { cause: 'ours', text: 'ffmpeg ended unexpectedly.' },
} as const satisfies Record<string, { cause: Reason['cause']; text: string }>;

export type EndCode = keyof typeof END_REASONS;

/** The reason for a code; `detail` is appended in plain words and must hold no secret. */
export const endReason = (code: EndCode, detail?: string): Reason => {
  const { cause, text } = END_REASONS[code];
  return { cause, code, text: detail === undefined ? text : `${text} ${detail}` };
};
