import { on } from 'node:events';
import { dataOf, type Schemas } from '../../client/index.ts';
import type { Notice } from '../../shared/events/notices.ts';
import type { Bench } from './bench.ts';
import { GROUP_FRAMES, LOOP_SECONDS, type Loop, type Packets, push, type Track } from './media.ts';

export type RecordedFile = Schemas['File'];

type NoticeOf<Type extends Notice['type']> = Extract<Notice, { type: Type }>;

/** Waits for a notice about a stream. To be called before what makes it. @throws when the recording fails, or in time */
export const noticeOf = async <Type extends Notice['type']>(
  { run }: Bench,
  stream: string,
  type: Type,
  timeoutMs: number,
): Promise<NoticeOf<Type>> => {
  const isWanted = (notice: Notice): notice is NoticeOf<Type> => notice.type === type;
  const signal = AbortSignal.timeout(timeoutMs);
  // Many may come in one message: whoever waits for each anew would not hear of all.
  for await (const [about] of on(run.notices, 'notice', { signal })) {
    const notice: Notice = about;
    if (notice.stream.stream !== stream) continue;
    if (isWanted(notice)) return notice;
    if (notice.type === 'recording.failed') throw new Error(`${stream} failed: ${notice.reason.text}`);
  }
  throw new Error('Notices do not end');
};

/** Of a whole loop pushed `times` times, at most `rate` times as fast as real time, and recorded to its end. */
export interface RecordedPush {
  readonly recordId: string;
  /** When the publisher ended, in milliseconds since 1970. */
  readonly endedAt: number;
}

/** Pushes a stream and waits for the end of its recording, which must be the end of the stream. */
export const recordPush = async (
  it: Bench,
  stream: string,
  times: number,
  { rate = 1, patienceMs }: { rate?: number; patienceMs: number },
): Promise<RecordedPush> => {
  const expectedMs = (times * LOOP_SECONDS * 1000) / rate;
  const ended = noticeOf(it, stream, 'recording.ended', expectedMs + patienceMs);
  const publisher = push(it.loop, `${it.run.rtmpUrl}/live/${stream}`, times, rate);
  const [{ recordId, reason }, endedAt] = await Promise.all([ended, publisher.ended]);
  it.promise(reason.code === 'session-ended', `${stream} ended early: ${reason.code}, ${reason.text}`);
  return { recordId, endedAt };
};

/** The files of a recording, by beginning. */
export const filesOf = async ({ api }: Bench, recordId: string): Promise<RecordedFile[]> =>
  (await dataOf(api.GET('/v1/recordings/{recordId}/files', { params: { path: { recordId } } }))).items;

/** When the API had the ingest server's callback about the start of a stream, in milliseconds since 1970. */
export const callbackAt = async ({ api }: Bench, stream: string, live: boolean): Promise<number> => {
  const query = { stream, live: live ? 'true' : 'false' } as const;
  const { items } = await dataOf(api.GET('/v1/streams', { params: { query } }));
  return Date.parse(items[0]?.startedAt ?? '');
};

/** Of the end of the push; the time of readiness cannot lie before it. */
export const secondsToReady = (file: RecordedFile, endedAt: number): number =>
  Math.max(0, Date.parse(file.readyAt ?? '') - endedAt) / 1000;

/** Time stamps of RTMP are whole milliseconds: a frame begins at most one too early, and the next one too late. */
const ROUNDING_MS = 2;

/** The first packet that is not the one that was pushed, if the track is the end of `times` repetitions of `pushed`. */
const firstWrong = ({ sizes }: Track, pushed: Track, times: number): number => {
  const missing = pushed.sizes.length * times - sizes.length;
  return sizes.findIndex((size, index) => size !== pushed.sizes[(missing + index) % pushed.sizes.length]);
};

/**
 * What was lost of a push of whole loops: nothing but groups of pictures at its beginning may be missing.
 * @param mostMissing frames that were pushed before the ingest had a reader
 */
export const lossesOf = (
  { format }: Pick<RecordedFile, 'format'>,
  { video, audio }: Packets,
  { loop, times }: { loop: Loop; times: number },
  mostMissing: number,
): string[] => {
  if (audio.unevenMs > ROUNDING_MS) return [`sound is uneven by ${audio.unevenMs.toFixed(1)} ms`];
  if (format === 'aac') return [];
  const missing = loop.packets.video.sizes.length * times - video.sizes.length;
  const losses: string[] = [];
  if (video.unevenMs > ROUNDING_MS) losses.push(`pictures are uneven by ${video.unevenMs.toFixed(1)} ms`);
  if (missing < 0 || missing > mostMissing || missing % GROUP_FRAMES !== 0)
    losses.push(`${missing} frames are missing`);
  // MPEG-TS packs frames differently; elsewhere each has the size that it was pushed with.
  if (format !== 'hls') {
    const wrong = [
      firstWrong(video, loop.packets.video, times),
      firstWrong(audio, loop.packets.audio, times),
    ];
    if (Math.max(...wrong) >= 0) losses.push(`frames ${wrong.join(', ')} are not those that were pushed`);
  }
  return losses;
};
