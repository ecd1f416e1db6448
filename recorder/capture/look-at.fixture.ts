import { execFileSync } from 'node:child_process';

interface ProbedStream {
  readonly codec_type: 'video' | 'audio';
  readonly codec_name: string;
  readonly width?: number;
  readonly height?: number;
  readonly sample_rate?: string;
  readonly nb_read_frames: string;
}
interface ProbedPacket {
  readonly codec_type: 'video' | 'audio';
  readonly pts_time: string;
  readonly flags: string;
}
const ENTRIES =
  'packet=codec_type,pts_time,flags:stream=codec_type,codec_name,width,height,sample_rate,nb_read_frames';

const MOST_BYTES = 64 * 1024 * 1024;

/** All that there is to know of a file, with each frame decoded. Times are those of the pictures, from the first one on. */
export const lookAt = (path: string) => {
  const show = ['-count_frames', '-show_packets', '-show_streams', '-show_entries', ENTRIES];
  const probed = execFileSync('ffprobe', ['-v', 'error', ...show, '-of', 'json', path], {
    maxBuffer: MOST_BYTES,
  }).toString();
  const { streams, packets: all }: { streams: ProbedStream[]; packets: ProbedPacket[] } = JSON.parse(probed);
  const [video, audio] = ['video', 'audio'].map((type) =>
    streams.find(({ codec_type }) => codec_type === type),
  );
  const pictures = all
    .filter(({ codec_type }) => codec_type === 'video')
    .map(({ pts_time, flags }) => ({ time: Number(pts_time), isKey: flags.includes('K') }))
    .sort((one, other) => one.time - other.time);
  const first = pictures[0]?.time ?? 0;
  return {
    codecs: streams.map(({ codec_name }) => codec_name).sort(),
    size: [video?.width, video?.height],
    pictures: Number(video?.nb_read_frames ?? 0),
    first,
    times: pictures.map(({ time }) => time - first),
    keyTimes: pictures.filter(({ isKey }) => isKey).map(({ time }) => Math.round((time - first) * 10) / 10),
    soundFrames: Number(audio?.nb_read_frames ?? 0),
    soundRate: Number(audio?.sample_rate ?? 0),
  };
};
