import { regionOf } from '../recordings/summary.ts';
import type { Manifest } from '../schemas/manifest.ts';
import type { Recording, RecordingFile } from '../schemas/recording.ts';
import { coverageOf } from './gaps.ts';

const isAtHome = ({ state, location }: RecordingFile): boolean =>
  state !== 'waiting' && location === 'primary';

const fileOf = (recording: Recording, file: RecordingFile): Manifest['files'][number] => {
  const { fileId, format, state, location, bucket, key, startedAt, durationSeconds, sizeBytes } = file;
  return {
    ...{ fileId, format, state, location, bucket, region: regionOf(recording, file) ?? null, key },
    ...{ startedAt, readyAt: file.readyAt ?? null, durationSeconds, sizeBytes },
    bitsPerSecond: durationSeconds > 0 ? Math.round((sizeBytes * 8) / durationSeconds) : null,
    checksum: file.checksum ?? null,
    // Why it was away is nothing any more once it is at home.
    reason: file.reason ?? (isAtHome(file) ? null : (file.away?.reason ?? null)),
  };
};

/** What `recording.json` says. The same for the same recording and files, however often it is asked. Pure. */
export const manifestOf = (recording: Recording, files: readonly RecordingFile[]): Manifest => {
  const { recordId, domain, app, stream, sessionId, plan, startedAt, captures } = recording;
  const recorded = files.filter(({ state }) => state === 'ready' || state === 'waiting');
  return {
    version: 1,
    recordId,
    stream: { domain, app, stream },
    sessionId,
    templateId: plan.templateId ?? null,
    taskId: recording.taskId ?? null,
    startedAt,
    endedAt: recording.endedAt ?? null,
    reason: recording.reason ?? null,
    content: { recorded: plan.content, reason: plan.contentReason ?? null },
    media: recording.media ?? null,
    captures,
    ...coverageOf(recorded),
    files: files.map((file) => fileOf(recording, file)),
  };
};

/** As it is written. */
export const renderManifest = (manifest: Manifest): Buffer =>
  Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
