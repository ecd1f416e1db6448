import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ContainerError } from '../container.ts';
import { capture, chunked, MediaFolder, packets, probeFile, record, testSource } from '../media.fixture.ts';

const folder = new MediaFolder();
afterAll(() => folder.remove());

describe('the AAC parser', () => {
  const source = folder.generate('flv', ...testSource(8), '-vn', '-c:a', 'aac');
  const stream = capture(source, 'aac');
  const frames = packets(folder.write('aac', stream), 'a');

  it('passes the stream through unchanged and counts it', () => {
    const { files, dropped } = record('aac', chunked(stream, 1000));
    expect(files.map(({ finished }) => finished)).toEqual([stream]);
    expect(files[0]?.head.audioFrames()).toBe(frames.length);
    expect(files[0]?.head.durationMs()).toBeCloseTo((frames.length * 1024 * 1000) / 44100, 3);
    expect(dropped).toBe(0);
  });

  it('cuts between frames and loses none', () => {
    const { files } = record('aac', chunked(stream, 1000), 3000);
    expect(files).toHaveLength(3);
    expect(files.flatMap(({ finished }) => packets(folder.write('aac', finished), 'a'))).toEqual(frames);
    expect(
      Number(probeFile(folder.write('aac', files[1]?.finished ?? stream)).streams[0]?.nb_read_frames),
    ).toBe(files[1]?.head.audioFrames());
  });

  it('gives the same bytes however they are chunked, and whole frames only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(300), (size, missing) => {
        const { files, dropped } = record('aac', chunked(stream.subarray(0, stream.length - missing), size));
        expect(files[0]?.media.equals(stream.subarray(0, stream.length - missing - dropped))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('tells when the sample rate changes', () => {
    const other = capture(
      folder.generate('flv', '-f', 'lavfi', '-i', 'sine=d=1:r=22050', '-c:a', 'aac'),
      'aac',
    );
    const { events, files } = record('aac', [Buffer.concat([stream, other])]);
    expect(events.filter(({ type }) => type === 'changed')).toEqual([{ type: 'changed', what: 'audio' }]);
    expect(files[0]?.media.length).toBe(stream.length + other.length);
  });

  it('throws a ContainerError where no frame begins', () => {
    expect(() => record('aac', [Buffer.from('<html>no sound</html>')])).toThrow(ContainerError);
    expect(() => record('aac', [Buffer.concat([stream, Buffer.alloc(20)])])).toThrow(ContainerError);
  });
});
