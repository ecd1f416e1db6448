import { uriInPlaylist } from '../../shared/closing/hls-journal.ts';
import { pictureKey } from '../../shared/post-processing/outputs.ts';
import type { Artifact } from '../../shared/schemas/post-processing.ts';
import { vttTime } from '../../shared/thumbnails/sprite.ts';
import { ListedOutput } from './listed-output.ts';
import type { OutputTarget, OutputWriter } from './outputs.ts';

const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const SHOWN_AT = /^\[Parsed_showinfo.* pts_time:\s*(-?\d+(?:\.\d+)?)/;

/** JPEGs, and the WebVTT file that says which is shown when. */
export class Pictures implements OutputWriter {
  readonly #target: OutputTarget;
  readonly #key: string;
  readonly #objects: ListedOutput;
  #rest: Buffer = Buffer.alloc(0);
  #times: number[] = [];

  constructor(target: OutputTarget) {
    this.#target = target;
    this.#key = `${target.key}.vtt`;
    this.#objects = new ListedOutput(target, 'images', this.#key);
  }

  onLine(line: string): void {
    const [, time] = SHOWN_AT.exec(line) ?? [];
    if (time !== undefined) this.#times.push(Number(time));
  }

  async take(chunk: Buffer): Promise<void> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    // Inside an image these two bytes never follow one another: 0xff is always followed by 0x00 there.
    for (let end = this.#rest.indexOf(END_OF_IMAGE); end !== -1; end = this.#rest.indexOf(END_OF_IMAGE)) {
      const image = this.#rest.subarray(0, end + END_OF_IMAGE.length);
      this.#rest = this.#rest.subarray(image.length);
      await this.#put(image);
    }
  }

  finish(inputSeconds: number): Promise<Artifact> {
    return this.#objects.finish(Buffer.from(this.#list(inputSeconds)), 'text/vtt');
  }

  abandon(): Promise<void> {
    return this.#objects.abandon();
  }

  #pictureKey(index: number): string {
    return pictureKey(this.#target.key, this.#target.attempt, index);
  }

  #put(image: Buffer): Promise<void> {
    const key = this.#pictureKey(this.#objects.count);
    return this.#objects.put(key, image, { contentType: 'image/jpeg' });
  }

  #list(inputSeconds: number): string {
    const cues = Array.from({ length: this.#objects.count }, (_, index) => {
      const from = this.#times[index] ?? 0;
      const to = this.#times[index + 1] ?? Math.max(inputSeconds, from + 0.001);
      const name = uriInPlaylist(this.#key, this.#pictureKey(index));
      return `${vttTime(Math.max(0, from))} --> ${vttTime(to)}\n${name}\n`;
    });
    return ['WEBVTT\n', ...cues].join('\n');
  }
}
