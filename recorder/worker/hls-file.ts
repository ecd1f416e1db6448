import {
  playlistSeconds,
  readPlaylist,
  segmentKey,
  segmentMetadata,
  uriInPlaylist,
} from '../../shared/closing/hls-journal.ts';
import { renderPlaylist, type Segment } from '../../shared/hls/playlist.ts';
import { besideOutput } from '../../shared/post-processing/outputs.ts';
import type { Artifact } from '../../shared/schemas/post-processing.ts';
import { CONTENT_TYPES, EXTENSIONS, SEGMENT_CONTENT_TYPE } from '../../shared/storage/content-types.ts';
import { chunksOf } from '../../shared/storage/object-store.ts';
import { TsReader } from '../containers/ts/reader.ts';
import { type Cut, SegmentCutter } from '../outputs/segment-cutter.ts';
import { type OutputTarget, type OutputWriter, putOwn } from './outputs.ts';
import { StepError } from './step-error.ts';

const TICKS_PER_SECOND = 90_000;

/**
 * A playlist and its segments. The segments of each try have names of their own, and the playlist, which is written last
 * and once, says which count. Until it is there nobody removes the segments of another try: that may be the one to write it.
 */
export class HlsOutput implements OutputWriter {
  readonly #target: OutputTarget;
  readonly #key: string;
  readonly #reader = new TsReader();
  readonly #cutter: SegmentCutter;
  readonly #segmentSeconds: number;
  #firstTicks: number | undefined;
  #lastSeconds = 0;
  #frameSeconds = 0;
  #segments: Segment[] = [];
  #sizeBytes = 0;
  /** Keys of the segments that this try itself has put. */
  #own: string[] = [];
  #mayBeListed = false;

  constructor(target: OutputTarget, segmentSeconds: number) {
    this.#target = target;
    this.#key = `${target.key}${EXTENSIONS.hls}`;
    this.#segmentSeconds = segmentSeconds;
    this.#cutter = new SegmentCutter(segmentSeconds);
  }

  async take(chunk: Buffer): Promise<void> {
    for (const event of this.#reader.push(chunk)) {
      if (event.type === 'media') this.#cutter.append(event.bytes);
      else if (event.type === 'unit') {
        this.#firstTicks ??= event.pts;
        const seconds = (event.pts - this.#firstTicks) / TICKS_PER_SECOND;
        if (event.leads) {
          this.#frameSeconds = Math.abs(seconds - this.#lastSeconds);
          this.#lastSeconds = seconds;
        }
        this.#cutter.begin({ seconds, key: event.key, leads: event.leads });
      }
    }
    for (let cut = this.#cutter.whole(); cut !== undefined; cut = this.#cutter.whole()) await this.#put(cut);
  }

  async finish(): Promise<Artifact> {
    this.#cutter.endHere(this.#frameSeconds);
    for (let cut = this.#cutter.whole(); cut !== undefined; cut = this.#cutter.whole()) await this.#put(cut);
    const rest = this.#cutter.rest();
    if (rest !== undefined) await this.#put(rest);
    if (this.#segments.length === 0) throw new StepError('input-unsuitable', undefined, { final: true });
    const playlist = { targetDuration: this.#segmentSeconds, segments: this.#segments, ended: true };
    const body = Buffer.from(renderPlaylist(playlist));
    if ((await this.#putPlaylist(body)) === 'there') return this.#asListed();
    if (this.#target.attempt > 1) await this.#clearUp();
    return {
      ...{ format: 'hls', key: this.#key, objects: this.#segments.length + 1 },
      sizeBytes: this.#sizeBytes + body.length,
      durationSeconds: playlistSeconds(playlist),
    };
  }

  async abandon(): Promise<void> {
    const { store, log } = this.#target;
    if (this.#mayBeListed) return;
    await store.deleteMany(this.#own).catch((cause: unknown) => {
      log.warn('The segments of a step that failed could not be removed', { key: this.#key, cause });
    });
  }

  /** The answer may be lost, or come after this try has been given up. */
  async #putPlaylist(body: Buffer): Promise<'put' | 'there'> {
    this.#mayBeListed = true;
    try {
      return await putOwn(this.#target, this.#key, body, { contentType: CONTENT_TYPES.hls });
    } catch (error) {
      if (error instanceof StepError) this.#mayBeListed = false;
      throw error;
    }
  }

  /** What counts is the playlist that is there, whichever try has written it. */
  async #asListed(): Promise<Artifact> {
    const made = await settleHls(this.#target, this.#key);
    // The next try makes it anew.
    if (made === undefined) throw new StepError('output-taken');
    return made;
  }

  /** The output is there: nothing that goes wrong here takes that back. */
  async #clearUp(): Promise<void> {
    await settleHls(this.#target, this.#key).catch((cause: unknown) => {
      this.#target.log.warn('Segments of earlier tries could not be removed', { key: this.#key, cause });
    });
  }

  #segmentKey(sequence: number): string {
    return segmentKey(this.#key, this.#target.attempt, sequence);
  }

  async #put({ media, beginSeconds, endSeconds }: Cut): Promise<void> {
    const key = this.#segmentKey(this.#segments.length);
    const about = { durationSeconds: endSeconds - beginSeconds };
    const body = chunksOf([this.#reader.tables(), ...media.buffers]);
    const options = { contentType: SEGMENT_CONTENT_TYPE, metadata: segmentMetadata(about) };
    await putOwn(this.#target, key, body, options);
    this.#own.push(key);
    media.release();
    this.#segments.push({ ...about, uri: uriInPlaylist(this.#key, key) });
    this.#sizeBytes += body.length;
  }
}

/**
 * An HLS output as its playlist has it. Segments that it does not list are of tries that did not come to their end, and are
 * removed. @returns undefined when there is no playlist, or not all that it lists
 */
export const settleHls = async (
  { store }: Pick<OutputTarget, 'store'>,
  key: string,
): Promise<Artifact | undefined> => {
  const { stored, playlist } = await readPlaylist(store, key);
  if (stored === undefined) return undefined;
  const listed = new Set(playlist.segments.map(({ uri }) => uri));
  const objects = await besideOutput(store, 'hls', key);
  const isListed = (object: { readonly key: string }): boolean => listed.has(uriInPlaylist(key, object.key));
  const kept = objects.filter(isListed);
  if (kept.length < listed.size) return undefined;
  await store.deleteMany(objects.filter((one) => !isListed(one)).map((one) => one.key));
  return {
    ...{ format: 'hls', key, objects: kept.length + 1 },
    sizeBytes: kept.reduce((sum, { size }) => sum + size, stored.body.length),
    durationSeconds: playlistSeconds(playlist),
  };
};
