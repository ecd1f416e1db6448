import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ffmpeg, testSource } from '../../containers/media.fixture.ts';

const CODECS = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-g',
  '25',
  '-bf',
  '2',
  '-c:a',
  'aac',
  '-shortest',
];

/** Segments of a second each, as ffmpeg makes them, of one source of 25 frames a second. */
export class HlsFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'streamkeep-hls-'));
  readonly source: string;
  readonly seconds: number;

  constructor(seconds: number) {
    this.seconds = seconds;
    this.source = join(this.path, 'source.mp4');
    ffmpeg(...testSource(seconds), ...CODECS, '-y', this.source);
  }

  /** @returns the media playlist's file name */
  segment(name: string, ...options: readonly string[]): string {
    const list = ['-f', 'hls', '-hls_time', '1', '-hls_list_size', '0'];
    ffmpeg('-i', this.source, '-c', 'copy', ...options, ...list, join(this.path, `${name}.m3u8`));
    return `${name}.m3u8`;
  }

  encryptedSegments(name: string): string {
    const [key, info] = [join(this.path, 'secret.key'), join(this.path, 'key-info')];
    writeFileSync(key, Buffer.from('0123456789abcdef'));
    writeFileSync(info, `secret.key\n${key}\n`);
    return this.segment(name, '-hls_key_info_file', info);
  }

  read(name: string): Buffer {
    return readFileSync(join(this.path, name));
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

interface Live {
  /** Segments that have been made. */
  made: number;
  ended: boolean;
  gone: boolean;
}

/** A live origin: its playlists show the last segments that have been made so far. */
export class HlsOrigin {
  readonly live: Live = { made: 2, ended: false, gone: false };
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** Answers in place of files. */
  readonly special = new Map<string, RequestListener>();
  readonly #server: Server;
  readonly #folder: HlsFolder;
  readonly #window: number;

  constructor(folder: HlsFolder, window = 4) {
    this.#folder = folder;
    this.#window = window;
    this.#server = createServer((request, response) => {
      const name = (request.url ?? '').split('?', 1)[0]?.slice(1) ?? '';
      this.asked.push(name);
      const special = this.special.get(name);
      if (special !== undefined) return special(request, response);
      if (name.endsWith('.m3u8') && this.live.gone) return response.writeHead(404).end();
      if (name.endsWith('.m3u8')) return response.end(this.#playlist(name));
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
      if (from === undefined) return response.end(folder.read(name));
      response.writeHead(206).end(folder.read(name).subarray(Number(from), Number(to) + 1));
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #playlist(name: string): string {
    const lines = this.#folder.read(name).toString().trim().split('\n');
    if (lines.some((line) => line.startsWith('#EXT-X-STREAM-INF'))) return lines.join('\n');
    const first = lines.findIndex((line) => line.startsWith('#EXTINF'));
    const head = lines.slice(0, first).filter((line) => !line.includes('MEDIA-SEQUENCE'));
    const segments = lines
      .slice(first)
      .filter((line) => line !== '#EXT-X-ENDLIST')
      .reduce<string[]>((all, line) => {
        if (line.startsWith('#EXTINF')) all.push(line);
        else all.push(`${all.pop()}\n${line}`);
        return all;
      }, [])
      .slice(0, this.live.made);
    const from = Math.max(segments.length - this.#window, 0);
    const end = this.live.ended ? ['#EXT-X-ENDLIST'] : [];
    return [...head, `#EXT-X-MEDIA-SEQUENCE:${from}`, ...segments.slice(from), ...end].join('\n');
  }
}
