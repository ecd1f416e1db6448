import { segmentKey, segmentMetadata, uriInPlaylist } from '../../shared/closing/hls-journal.ts';
import { renderPlaylist, type Segment } from '../../shared/hls/playlist.ts';
import type { Artifact } from '../../shared/schemas/post-processing.ts';
import { CONTENT_TYPES, EXTENSIONS, SEGMENT_CONTENT_TYPE } from '../../shared/storage/content-types.ts';
import { chunksOf } from '../../shared/storage/object-store.ts';
import { TsReader } from '../containers/ts/reader.ts';
import { type Cut, SegmentCutter } from '../outputs/segment-cutter.ts';
import { ListedOutput } from './listed-output.ts';
import type { OutputTarget, OutputWriter } from './outputs.ts';

const TICKS_PER_SECOND = 90_000;

/** A playlist and its segments. */
export class HlsOutput implements OutputWriter {
  readonly #attempt: number;
  readonly #key: string;
  readonly #objects: ListedOutput;
  readonly #reader = new TsReader();
  readonly #cutter: SegmentCutter;
  readonly #segmentSeconds: number;
  #firstTicks: number | undefined;
  #lastSeconds = 0;
  #frameSeconds = 0;
  #segments: Segment[] = [];

  constructor(target: OutputTarget, segmentSeconds: number) {
    this.#attempt = target.attempt;
    this.#key = `${target.key}${EXTENSIONS.hls}`;
    this.#objects = new ListedOutput(target, 'hls', this.#key);
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
    const playlist = { targetDuration: this.#segmentSeconds, segments: this.#segments, ended: true };
    return this.#objects.finish(Buffer.from(renderPlaylist(playlist)), CONTENT_TYPES.hls);
  }

  abandon(): Promise<void> {
    return this.#objects.abandon();
  }

  async #put({ media, beginSeconds, endSeconds }: Cut): Promise<void> {
    const key = segmentKey(this.#key, this.#attempt, this.#segments.length);
    const about = { durationSeconds: endSeconds - beginSeconds };
    const body = chunksOf([this.#reader.tables(), ...media.buffers]);
    const options = { contentType: SEGMENT_CONTENT_TYPE, metadata: segmentMetadata(about) };
    await this.#objects.put(key, body, options);
    media.release();
    this.#segments.push({ ...about, uri: uriInPlaylist(this.#key, key) });
  }
}
