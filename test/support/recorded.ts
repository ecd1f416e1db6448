import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { vi } from 'vitest';
import { z } from 'zod';
import { type ApiClient, listOf } from '../../local/api-client.ts';
import { formatSchema } from '../../shared/schemas/names.ts';
import { mediaSchema, reasonSchema, recordingStateSchema } from '../../shared/schemas/recording.ts';

const recordingSchema = z.object({
  recordId: z.string(),
  state: recordingStateSchema,
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  reason: reasonSchema.nullable(),
  media: mediaSchema.nullable(),
});
export type RecordingView = z.infer<typeof recordingSchema>;

const fileSchema = z.object({
  fileId: z.string(),
  format: formatSchema,
  key: z.string(),
  state: z.enum(['recording', 'ready', 'failed']),
  location: z.string(),
  sizeBytes: z.number(),
  durationSeconds: z.number(),
  startedAt: z.string(),
  readyAt: z.string().nullable(),
  reason: reasonSchema.nullable(),
  url: z.string().nullable(),
});
export type FileView = z.infer<typeof fileSchema>;

const streamSchema = z.object({
  live: z.boolean(),
  startedAt: z.string(),
  notRecorded: z.string().nullable(),
  recordIds: z.array(z.string()),
});
export type StreamView = z.infer<typeof streamSchema>;

export const recordingsOf = async (api: ApiClient, stream: string): Promise<RecordingView[]> => {
  const query = new URLSearchParams({ stream });
  return (await api.request('GET', `/v1/recordings?${query}`, listOf(recordingSchema))).items;
};

export const streamsOf = async (api: ApiClient, stream: string, live: boolean): Promise<StreamView[]> => {
  const query = new URLSearchParams({ stream, live: String(live) });
  return (await api.request('GET', `/v1/streams?${query}`, listOf(streamSchema))).items;
};

export const filesOf = async (api: ApiClient, recordId: string): Promise<FileView[]> =>
  (await api.request('GET', `/v1/recordings/${recordId}/files`, listOf(fileSchema))).items;

/** Asks until there is an answer. @throws saying what `what` is, when there is none in time */
export const eventually = <Result>(
  what: string,
  ask: () => Promise<Result | undefined> | Result | undefined,
  timeoutMs = 30_000,
): Promise<Result> =>
  vi.waitFor(
    async () => {
      const result = await ask();
      if (result === undefined) throw new Error(`Not in ${timeoutMs} ms: ${what}`);
      return result;
    },
    { timeout: timeoutMs, interval: 200 },
  );

/** The one recording of a stream, with its files, once it has ended, well or not. */
export const endedRecording = async (
  api: ApiClient,
  stream: string,
): Promise<{ recording: RecordingView; files: FileView[] }> => {
  const recording = await eventually(`the recording of ${stream} has ended`, async () =>
    (await recordingsOf(api, stream)).find(({ state }) => state === 'completed' || state === 'failed'),
  );
  const all = await recordingsOf(api, stream);
  if (all.length !== 1) throw new Error(`${stream} has ${all.length} recordings`);
  return { recording, files: await filesOf(api, recording.recordId) };
};

const body = async (url: string): Promise<ReadableStream> => {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
  return response.body as ReadableStream;
};

/** URLs of a playlist's segments, in its order. */
export const segmentUrls = (playlist: string): string[] =>
  playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

/**
 * Downloads a file by its URL; the segments of a playlist as one file, in playlist order.
 * @returns its path
 */
export const download = async (file: FileView, folder: string): Promise<string> => {
  if (file.url === null) throw new Error(`${file.key} has no URL`);
  const isHls = file.format === 'hls';
  const path = join(folder, `${randomUUID()}.${isHls ? 'ts' : file.format}`);
  const urls = isHls ? segmentUrls(await (await fetch(file.url)).text()) : [file.url];
  const bytes = async function* (): AsyncGenerator<Uint8Array> {
    for (const url of urls) yield* Readable.fromWeb(await body(url));
  };
  await pipeline(bytes, createWriteStream(path));
  return path;
};
