import { describe, expect, it } from 'vitest';
import { parseSource } from '../gate/source.ts';
import { HLS, planOf } from '../recorder.fixture.ts';
import { ffmpegArgs, inputArgs, teeOutputs } from './ffmpeg-args.ts';

const SINK = 'http://127.0.0.1:9900/0123456789abcdef0123456789abcdef';
const key = (stream: string) => ({ domain: 'push.example.com', app: 'live', stream });
const inputOf = (template: string, stream = 'show') => inputArgs(parseSource(template, key(stream)), 4000);
/** The value of an option. */
const optionOf = (args: readonly string[], option: string) => args[args.indexOf(option) + 1];

describe('The tee of a capture', () => {
  it('has a slave for each format of the plan, and none may end the others', () => {
    const tee = teeOutputs(
      planOf({
        hls: HLS,
        mp4: { maxMinutes: 30 },
        flv: { maxMinutes: 30 },
        aac: { maxMinutes: 30, when: 'always' },
      }),
      SINK,
      false,
    );
    const slaves = tee.split('|');
    expect(slaves.map((slave) => /f=(\w+)/.exec(slave)?.[1])).toEqual(['mpegts', 'mp4', 'flv', 'adts']);
    for (const slave of slaves) expect(slave).toMatch(/^\[onfail=ignore:/);
    expect(slaves.map((slave) => slave.slice(slave.lastIndexOf(']') + 1))).toEqual([
      `${SINK}/hls`,
      `${SINK}/mp4`,
      `${SINK}/flv`,
      `${SINK}/aac`,
    ]);
  });

  it('takes the ADTS headers of MPEG-TS off for the formats that must not have them', () => {
    const plan = planOf({ hls: HLS, mp4: { maxMinutes: 30 }, flv: { maxMinutes: 30 } });
    const [hls, mp4, flv] = teeOutputs(plan, SINK, true).split('|');
    expect(hls).not.toContain('aac_adtstoasc');
    expect(mp4).toContain(':bsfs/a=aac_adtstoasc]');
    expect(flv).toContain(':bsfs/a=aac_adtstoasc]');
    expect(teeOutputs(plan, SINK, false)).not.toContain('bsfs');
  });

  it('has the key frames as FLV, last of all, when only MPEG-TS would tell of other codec settings', () => {
    const slaves = teeOutputs(
      planOf({ hls: HLS, aac: { maxMinutes: 30, when: 'always' } }),
      SINK,
      true,
    ).split('|');
    expect(slaves).toHaveLength(3);
    expect(slaves[2]).toBe(
      `[onfail=ignore:f=flv:flvflags=no_duration_filesize:bsfs/a=aac_adtstoasc:bsfs/v=noise=drop='not(key)']${SINK}/settings`,
    );
    for (const other of [{ mp4: { maxMinutes: 30 } }, { flv: { maxMinutes: 30 } }])
      expect(teeOutputs(planOf({ hls: HLS, ...other }), SINK, false)).not.toContain('settings');
    expect(teeOutputs(planOf({ aac: { maxMinutes: 30, when: 'always' } }), SINK, false)).not.toContain(
      'settings',
    );
  });

  it('is one command line for a stream of RTMP that is recorded as it comes', () => {
    const plan = planOf({ hls: HLS, mp4: { maxMinutes: 30 }, flv: { maxMinutes: 30 } });
    const args = ffmpegArgs(
      inputOf('rtmp://origin.example.com/{app}/{stream}'),
      teeOutputs(plan, SINK, false),
    );
    // Byte for byte: whatever is added for others must not make it slower.
    expect(args.join(' ')).toBe(
      '-hide_banner -nostdin -nostats -loglevel info -progress pipe:1 -stats_period 0.5 -tag:v 0 -tag:a 0 ' +
        '-protocol_whitelist rtmp,tcp -format_whitelist flv -rtmp_live live -rtmp_tcurl rtmp://origin.example.com/live ' +
        '-fpsprobesize 0 -tcp_nodelay 1 -rtmp_app live -rtmp_playpath show -i rtmp://127.0.0.1:4000/live ' +
        '-map 0:v:0? -map 0:a:0? -c copy -copytb 1 -f tee ' +
        `[onfail=ignore:f=mpegts]${SINK}/hls|` +
        '[onfail=ignore:f=mp4:movflags=+frag_keyframe+delay_moov+default_base_moof+skip_trailer:' +
        `movie_timescale=90000:frag_duration=2000000]${SINK}/mp4|` +
        `[onfail=ignore:f=flv:flvflags=no_duration_filesize]${SINK}/flv`,
    );
  });

  it('feeds another ffmpeg where that may have to make something of the stream', () => {
    const plan = planOf({ mp4: { maxMinutes: 30 } });
    const feed = `[onfail=ignore:f=nut:flush_packets=1]${SINK}/feed`;
    expect(teeOutputs(plan, SINK, true, true).split('|')[1]).toBe(feed);
    const encoded = { ...plan, encoding: { overlays: [], audioOnly: true } };
    const [first, ...settings] = teeOutputs(encoded, SINK, true).split('|');
    expect(first).toBe(feed);
    expect(settings.map((slave) => slave.slice(slave.lastIndexOf('/')))).toEqual([
      '/settings',
      '/settings.ts',
    ]);
  });

  it('is copied from the first video and the first audio stream, where there are any', () => {
    const args = ffmpegArgs(['-i', 'x'], 'TEE');
    expect(args.join(' ')).toContain('-map 0:v:0? -map 0:a:0? -c copy -copytb 1 -f tee TEE');
    expect(args).toContain('-nostdin');
  });
});

describe('The input of a capture', () => {
  it('is RTMP through the gate, under its own names, whatever they hold', () => {
    const args = inputOf('rtmp://user:secret@origin.example.com/{app}/{stream}', "a?b c'|[]");
    expect(optionOf(args, '-i')).toBe('rtmp://127.0.0.1:4000/live');
    expect(optionOf(args, '-rtmp_tcurl')).toBe('rtmp://origin.example.com/live');
    expect(optionOf(args, '-rtmp_app')).toBe('live');
    expect(optionOf(args, '-rtmp_playpath')).toBe("a?b c'|[]");
    expect(optionOf(args, '-protocol_whitelist')).toBe('rtmp,tcp');
    // Before its input, or it would not count.
    expect(args.indexOf('-fpsprobesize')).toBeLessThan(args.indexOf('-i'));
    expect(optionOf(args, '-fpsprobesize')).toBe('0');
  });

  it('is RTSP over TCP through the gate, with its credentials', () => {
    const args = inputOf('rtsps://me:pw@cam.example.com/{stream}?x=1', 'a b');
    expect(optionOf(args, '-i')).toBe('rtsp://me:pw@127.0.0.1:4000/a%20b?x=1');
    expect(optionOf(args, '-rtsp_transport')).toBe('tcp');
    expect(optionOf(args, '-protocol_whitelist')).toBe('rtsp,tcp');
  });

  it('is the body of an HTTP source as the gate relays it, and nothing that it might name', () => {
    expect(inputOf('https://cdn.example.com/{stream}.flv')).toEqual([
      '-protocol_whitelist',
      'tcp',
      '-format_whitelist',
      'flv,live_flv,mpegts,aac,mp3,matroska,webm,ogg',
      '-i',
      'tcp://127.0.0.1:4000',
    ]);
  });

  it('is HLS as the gate serves it, by nothing but HTTP', () => {
    const args = inputArgs({ kind: 'hls', url: new URL('http://127.0.0.1:4000/x/index.m3u8') }, 4000);
    expect(optionOf(args, '-i')).toBe('http://127.0.0.1:4000/x/index.m3u8');
    expect(optionOf(args, '-protocol_whitelist')).toBe('http,tcp,crypto');
    expect(optionOf(args, '-format_whitelist')).toBe('hls,mpegts,mov,aac,mp3,ac3,eac3');
    expect(optionOf(args, '-live_start_index')).toBe('0');
  });

  it('is SRT itself', () => {
    expect(inputOf('srt://192.0.2.1:9000?streamid={stream}')).toEqual([
      '-protocol_whitelist',
      'srt',
      '-format_whitelist',
      'mpegts',
      '-i',
      'srt://192.0.2.1:9000?streamid=show',
    ]);
  });
});
