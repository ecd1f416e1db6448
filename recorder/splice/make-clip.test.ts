import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StandbyContent } from '../../shared/schemas/standby-content.ts';
import { videoArgs } from '../capture/encoder-args.ts';
import { PLAIN_LOOK } from '../capture/look.ts';
import type { ImageFile } from '../capture/maker-args.ts';
import type { EncodedVideo } from '../capture/recipe.ts';
import { ffmpeg, MediaFolder } from '../containers/media.fixture.ts';
import { NutReader } from '../containers/nut/reader.ts';
import { makeClip } from './make-clip.ts';

const SLOW = { timeout: 60_000 };
const VIDEO: EncodedVideo = {
  ...{ codec: 'h264', gopSeconds: 1, crf: 30, width: 64, height: 36 },
  ...{ sourceFramesPerSecond: 5, overlays: [], look: PLAIN_LOOK },
};
const ABOUT = { key: 'standby/1', sha256: 'ab'.repeat(32), durationSeconds: 1 };

let folder: MediaFolder;
beforeAll(() => {
  folder = new MediaFolder();
});
afterAll(() => folder.remove());

const clipOf = (
  path: string,
  demuxer: ImageFile['demuxer'] = 'mov',
  contentType: StandbyContent['contentType'] = 'video/mp4',
  video = VIDEO,
) =>
  makeClip(
    {
      recipe: { video, sounds: [], outputs: [] },
      effort: 'usual',
      content: { ...ABOUT, contentType },
      file: { path, demuxer },
    },
    new AbortController().signal,
  );

const video = (...args: readonly string[]): string =>
  folder.generate('mp4', ...args, '-c:v:0', 'libx264', '-preset', 'ultrafast', '-pix_fmt:v:0', 'yuv420p');
const lavfi = (source: string): string[] => ['-f', 'lavfi', '-i', source];

interface Box {
  readonly type: string;
  readonly bytes: Buffer;
}

const boxesIn = (bytes: Buffer): Box[] => {
  const boxes: Box[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    boxes.push({ type: bytes.toString('latin1', at + 4, at + 8), bytes: bytes.subarray(at, at + size) });
    at += size;
  }
  return boxes;
};

/** The same file, with what it says of itself before its tracks. */
const withCoverFirst = (path: string): string => {
  const parts = boxesIn(readFileSync(path)).map(({ type, bytes }) => {
    if (type !== 'moov') return bytes;
    const inside = boxesIn(bytes.subarray(8)).toSorted(
      (one, other) => Number(other.type === 'udta') - Number(one.type === 'udta'),
    );
    return Buffer.concat([bytes.subarray(0, 8), ...inside.map((box) => box.bytes)]);
  });
  return folder.write('mp4', Buffer.concat(parts));
};

describe('A clip', SLOW, () => {
  it('is not made of a video that is larger than it says', async () => {
    const bytes = readFileSync(video(...lavfi('color=s=4112x4096:r=5:d=0.2')));
    const at = bytes.indexOf('avc1', bytes.indexOf('stsd'));
    bytes.writeUInt16BE(64, at + 28);
    bytes.writeUInt16BE(36, at + 30);
    await expect(clipOf(folder.write('mp4', bytes))).rejects.toThrow();
  });

  it('shows the picture of a video, and not the cover that stands before it', async () => {
    const plain = video(...lavfi('testsrc2=s=64x36:r=5:d=1'));
    const cover = folder.generate('png', ...lavfi('color=red:s=64x36'), '-frames:v', '1');
    const both = ['-i', plain, '-i', cover, '-map', '0', '-map', '1', '-c', 'copy'];
    const covered = folder.generate('mp4', ...both, '-disposition:v:1', 'attached_pic');
    expect((await clipOf(withCoverFirst(covered))).frames).toEqual((await clipOf(plain)).frames);
  });

  it.each(['h264', 'hevc', 'av1'] as const)(
    'of an image has the settings of a stream with 60 pictures a second in %s',
    async (codec) => {
      const fast: EncodedVideo = { ...VIDEO, codec, width: 512, height: 288, sourceFramesPerSecond: 60 };
      const image = folder.generate('png', ...lavfi('color=red:s=64x36'), '-frames:v', '1');
      const reader = new NutReader();
      const stream = lavfi('testsrc2=s=512x288:r=60:d=0.2,format=yuv420p');
      reader.push(
        ffmpeg(...stream, ...videoArgs(fast, 'usual'), '-flags', '+global_header', '-f', 'nut', 'pipe:1'),
      );
      const { head } = await clipOf(image, 'png_pipe', 'image/png', fast);
      expect(head.streams[0]?.settings).toEqual(reader.head?.streams[0]?.settings);
    },
  );
});
