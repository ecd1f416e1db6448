import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { vi } from 'vitest';
import { type Client, dataOf, type Schemas } from '../../client/index.ts';

export type RecordingView = Schemas['Recording'];
export type FileView = Schemas['File'];
export type StreamView = Schemas['Stream'];

export const recordingsOf = async (api: Client, stream: string): Promise<RecordingView[]> =>
  (await dataOf(api.GET('/v1/recordings', { params: { query: { stream } } }))).items;

export const streamsOf = async (api: Client, stream: string, live: boolean): Promise<StreamView[]> =>
  (await dataOf(api.GET('/v1/streams', { params: { query: { stream, live: live ? 'true' : 'false' } } })))
    .items;

export const filesOf = async (api: Client, recordId: string): Promise<FileView[]> =>
  (await dataOf(api.GET('/v1/recordings/{recordId}/files', { params: { path: { recordId } } }))).items;

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
  api: Client,
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
