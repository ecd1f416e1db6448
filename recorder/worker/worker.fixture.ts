import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRemote, type WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import type { Format } from '../../shared/schemas/names.ts';
import { stepSchema } from '../../shared/schemas/orchestration.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import { ffmpeg, type MediaFolder, record, testSource } from '../containers/media.fixture.ts';
import type { Source } from './sources.ts';

/** Pictures of a hundred numbers and a tone, with a key frame each second. */
const ENCODED = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-g',
  '25',
  '-sc_threshold',
  '0',
  '-bf',
  '0',
  '-c:a',
  'aac',
];

interface Segment {
  readonly body: Buffer;
  readonly durationSeconds: number;
}

const cut = (path: string, name: string): Segment[] => {
  const list = ['-segment_list_type', 'csv', '-segment_list', `${name}.csv`];
  const segments = ['-f', 'segment', '-segment_time', '2', '-segment_format', 'mpegts', `${name}-%06d.ts`];
  ffmpeg('-i', path, '-c', 'copy', ...list, ...segments);
  const lines = readFileSync(`${name}.csv`, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [file = '', from, to] = line.split(',');
    return { body: readFileSync(join(name, '..', file)), durationSeconds: Number(to) - Number(from) };
  });
};

const MUXERS: Record<Exclude<Format, 'hls'>, readonly string[]> = {
  mp4: [
    ...['-bsf:a', 'aac_adtstoasc', '-f', 'mp4', '-movie_timescale', '90000'],
    ...['-movflags', 'frag_keyframe+delay_moov+default_base_moof+skip_trailer'],
  ],
  flv: ['-bsf:a', 'aac_adtstoasc', '-f', 'flv', '-flvflags', 'no_duration_filesize'],
  aac: ['-vn', '-f', 'adts'],
};

const mux = (path: string, format: Exclude<Format, 'hls'>): Buffer => {
  const [one] = record(format, [ffmpeg('-i', path, '-c', 'copy', ...MUXERS[format], 'pipe:1')]).files;
  if (one === undefined) throw new Error('Nothing was recorded');
  return one.finished;
};

/** Makes files as recordings have them, in a store; of the same length they are the same. */
export const createSources = (folder: MediaFolder) => {
  const generated = new Map<number, string>();
  /** A TS with all that is in the sources of so many seconds. */
  const original = (seconds: number): string => {
    const path = generated.get(seconds) ?? folder.generate('ts', ...testSource(seconds), ...ENCODED);
    generated.set(seconds, path);
    return path;
  };

  const cuts = new Map<number, readonly Segment[]>();
  /** Pieces of two seconds of the sources of so many seconds. */
  const segmentsOf = (seconds: number): readonly Segment[] => {
    const segments = cuts.get(seconds) ?? cut(original(seconds), folder.path('d'));
    cuts.set(seconds, segments);
    return segments;
  };

  /** HLS in segments of two seconds; where `tear` is true, as two captures with a discontinuity between. */
  const hls = async (store: ObjectStore, key: string, seconds: number, tears = false): Promise<Source> => {
    const base = key.replace(/\.m3u8$/, '');
    const lines: string[] = [];
    let size = 0;
    for (const capture of tears ? [1, 2] : [1]) {
      for (const [index, { body, durationSeconds }] of segmentsOf(seconds).entries()) {
        const segment = `${String(capture).padStart(4, '0')}-${String(index).padStart(6, '0')}.ts`;
        await store.put(`${base}/${segment}`, body);
        size += body.length;
        if (capture > 1 && index === 0) lines.push('#EXT-X-DISCONTINUITY');
        lines.push(`#EXTINF:${durationSeconds.toFixed(6)},`, `${base.split('/').at(-1)}/${segment}`);
      }
    }
    const text = ['#EXTM3U', '#EXT-X-TARGETDURATION:2', ...lines, '#EXT-X-ENDLIST', ''].join('\n');
    await store.put(key, Buffer.from(text));
    return { format: 'hls', store, key, size, seconds: seconds * (tears ? 2 : 1) };
  };

  const muxed = new Map<string, Buffer>();
  /** A file written by the recorder's own muxers. */
  const file = async (
    store: ObjectStore,
    format: Exclude<Format, 'hls'>,
    key: string,
    seconds: number,
  ): Promise<Source> => {
    const body = muxed.get(`${format} ${seconds}`) ?? mux(original(seconds), format);
    muxed.set(`${format} ${seconds}`, body);
    await store.put(key, body);
    return { format, store, key, size: body.length, seconds };
  };

  /** HLS of nine seconds; the picture comes in the last of them. */
  const late = async (store: ObjectStore, key: string): Promise<Source> => {
    const path = folder.path('ts');
    const [picture, tone] = [testSource(1).slice(0, 4), testSource(9).slice(4)];
    ffmpeg('-itsoffset', '8', ...picture, ...tone, ...ENCODED, '-y', path);
    const body = readFileSync(path);
    const base = key.replace(/\.m3u8$/, '');
    await store.put(`${base}/0001-000000.ts`, body);
    const lines = ['#EXTM3U', '#EXT-X-TARGETDURATION:9', '#EXTINF:9,', `${base}/0001-000000.ts`];
    await store.put(key, Buffer.from([...lines, '#EXT-X-ENDLIST', ''].join('\n')));
    return { format: 'hls', store, key, size: body.length, seconds: 9 };
  };

  return { original, hls, file, late };
};

export const stepOf = (given: object): WorkerStep => {
  const step = stepSchema.parse({ name: 'made', ...given });
  if (isRemote(step)) throw new Error(`No worker does ${step.kind}`);
  return step;
};
