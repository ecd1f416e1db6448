import { pictureKey } from '../../shared/post-processing/outputs.ts';
import type { Artifact } from '../../shared/schemas/post-processing.ts';
import { vttTime } from '../../shared/thumbnails/sprite.ts';
import { type OutputTarget, type OutputWriter, putOwn } from './outputs.ts';
import { StepError } from './step-error.ts';

const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const SHOWN_AT = /^\[Parsed_showinfo.* pts_time:\s*(-?\d+(?:\.\d+)?)/;

/** JPEGs, and the WebVTT file that says which is shown when; it is written last, and once. */
export class Pictures implements OutputWriter {
  readonly #target: OutputTarget;
  #rest: Buffer = Buffer.alloc(0);
  #times: number[] = [];
  #count = 0;
  #sizeBytes = 0;

  constructor(target: OutputTarget) {
    this.#target = target;
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

  async finish(inputSeconds: number): Promise<Artifact> {
    if (this.#count === 0) throw new StepError('input-unsuitable', undefined, { final: true });
    const key = `${this.#target.key}.vtt`;
    const body = Buffer.from(this.#list(inputSeconds));
    await putOwn(this.#target, key, body, { contentType: 'text/vtt' });
    return {
      ...{ format: 'images', key, sizeBytes: this.#sizeBytes + body.length, objects: this.#count + 1 },
      durationSeconds: inputSeconds,
    };
  }

  // The next try makes the same pictures, and takes those that are there for its own.
  async abandon(): Promise<void> {}

  async #put(image: Buffer): Promise<void> {
    const key = pictureKey(this.#target.key, this.#count);
    this.#count += 1;
    this.#sizeBytes += image.length;
    await putOwn(this.#target, key, image, { contentType: 'image/jpeg' });
  }

  #list(inputSeconds: number): string {
    const folder = this.#target.key.slice(this.#target.key.lastIndexOf('/') + 1);
    const cues = Array.from({ length: this.#count }, (_, index) => {
      const from = this.#times[index] ?? 0;
      const to = this.#times[index + 1] ?? Math.max(inputSeconds, from + 0.001);
      const name = pictureKey(encodeURIComponent(folder), index);
      return `${vttTime(Math.max(0, from))} --> ${vttTime(to)}\n${name}\n`;
    });
    return ['WEBVTT\n', ...cues].join('\n');
  }
}
