import {
  isSegmentOf,
  readPlaylist,
  segmentKey,
  segmentMetadata,
  segmentPrefix,
  uriInPlaylist,
} from '../../shared/closing/hls-journal.ts';
import { renderPlaylist, type Segment } from '../../shared/hls/playlist.ts';
import type { Artifact } from '../../shared/schemas/post-processing.ts';
import { CONTENT_TYPES, EXTENSIONS, SEGMENT_CONTENT_TYPE } from '../../shared/storage/content-types.ts';
import { chunksOf, StorageError } from '../../shared/storage/object-store.ts';
import { TsReader } from '../containers/ts/reader.ts';
import { type Cut, SegmentCutter } from '../outputs/segment-cutter.ts';
import { isOwn, MARK, type OutputTarget, type OutputWriter } from './outputs.ts';
import { patiently } from './patiently.ts';
import { StepError } from './step-error.ts';

const TICKS_PER_SECOND = 90_000;

/**
 * A playlist and its segments. The segments of each try have names of their own, and the playlist, which is written last
 * and once, says which count.
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
    const { store, mark, signal } = this.#target;
    this.#cutter.endHere(this.#frameSeconds);
    for (let cut = this.#cutter.whole(); cut !== undefined; cut = this.#cutter.whole()) await this.#put(cut);
    const rest = this.#cutter.rest();
    if (rest !== undefined) await this.#put(rest);
    if (this.#segments.length === 0) throw new StepError('input-unsuitable', undefined, { final: true });
    const playlist = { targetDuration: this.#segmentSeconds, segments: this.#segments, ended: true };
    const body = Buffer.from(renderPlaylist(playlist));
    const about = { contentType: CONTENT_TYPES.hls, metadata: { [MARK]: mark } };
    try {
      await patiently(signal, () => store.put(this.#key, body, { ...about, ifNoneMatch: '*' }));
    } catch (error) {
      if (!(error instanceof StorageError && error.kind === 'conflict')) throw error;
      if (!(await isOwn(this.#target, this.#key)))
        throw new StepError('output-taken', undefined, { final: true });
    }
    if (this.#target.attempt > 1) await removeUnlisted(this.#target, this.#key);
    return {
      ...{ format: 'hls', key: this.#key, sizeBytes: this.#sizeBytes, objects: this.#segments.length + 1 },
      durationSeconds: this.#segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0),
    };
  }

  async abandon(): Promise<void> {
    const keys = this.#segments.map((_, index) => this.#segmentKey(index));
    await this.#target.store.deleteMany(keys).catch(() => undefined);
  }

  #segmentKey(sequence: number): string {
    return segmentKey(this.#key, this.#target.attempt, sequence);
  }

  async #put({ media, beginSeconds, endSeconds }: Cut): Promise<void> {
    const { store, signal } = this.#target;
    const key = this.#segmentKey(this.#segments.length);
    const about = { durationSeconds: endSeconds - beginSeconds };
    const body = chunksOf([this.#reader.tables(), ...media.buffers]);
    const options = { contentType: SEGMENT_CONTENT_TYPE, metadata: segmentMetadata(about) };
    await patiently(signal, () => store.put(key, body, options));
    media.release();
    this.#segments.push({ ...about, uri: uriInPlaylist(this.#key, key) });
    this.#sizeBytes += body.length;
  }
}

/** Removes the segments that the playlist does not list: those of tries that did not come to their end. */
export const removeUnlisted = async ({ store }: OutputTarget, key: string): Promise<void> => {
  const { playlist } = await readPlaylist(store, key);
  const listed = new Set(playlist.segments.map(({ uri }) => uri));
  const objects = await store.list(segmentPrefix(key));
  const left = objects.filter((one) => isSegmentOf(key, one.key) && !listed.has(uriInPlaylist(key, one.key)));
  await store.deleteMany(left.map((one) => one.key));
};
