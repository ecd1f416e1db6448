import { AdtsParser } from './aac/parser.ts';
import type { ContainerParser } from './container.ts';
import { FlvParser } from './flv/parser.ts';
import { Mp4Parser } from './mp4/parser.ts';

const parsers = { mp4: () => new Mp4Parser(), flv: () => new FlvParser(), aac: () => new AdtsParser() };

/** Output formats that are one growing byte stream. */
export type StreamFormat = keyof typeof parsers;

/** A parser for one output of one capture. It also reads back a stored file: its initial head, then its media. */
export function openContainer(format: StreamFormat): ContainerParser {
  return parsers[format]();
}
