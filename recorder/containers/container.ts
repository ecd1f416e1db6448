import type { Groups, Repetition, Span } from './groups.ts';

/**
 * What the recorder's files have in common. A parser reads one output of one capture as it comes from the
 * socket and says where a file may be cut; a head builder collects what the head of one file needs, so that
 * head + media are an ordinary file once the head is written last.
 */
export type ContainerEvent =
  /** Head of the capture's stream. Not media. */
  | { readonly type: 'init'; readonly bytes: Buffer }
  /**
   * The next media bytes begin here. A file may be cut here when `key` is true; the very first unit begins
   * the first file whatever its `key`. `timeMs` is the presentation time of its first sample in the timeline
   * of the capture.
   */
  | { readonly type: 'unit'; readonly key: boolean; readonly timeMs: number }
  /** Bytes to append to the current file; a view of the chunk that was pushed, never a copy. */
  | { readonly type: 'media'; readonly bytes: Buffer }
  /**
   * The time stamps go on far behind the last ones, in the timeline of the capture. What comes after this event is
   * behind the jump.
   */
  | { readonly type: 'jumped'; readonly fromMs: number; readonly toMs: number }
  /** The codec parameters changed in mid-stream; files from the next cut on carry the new ones. */
  | { readonly type: 'changed'; readonly what: 'video' | 'audio' };

export interface ContainerParser {
  /**
   * Takes the next bytes. Events come lazily, in the order of the bytes, and must be consumed to the end
   * before the next push. Owns `chunk` from then on (FLV timestamps are rewritten in place).
   * Throws ContainerError when the bytes are not what they should be.
   */
  push(chunk: Buffer): Iterable<ContainerEvent>;
  /**
   * Begins a file: to be called on a `unit` event, before the next event is taken. What follows is collected
   * by the returned builder; the file before keeps what it has. Must be called on the first unit.
   */
  startFile(): HeadBuilder;
  /** Whether what was handed out so far ends with a whole unit. Asked between two pushes. */
  readonly isWhole: boolean;
  /** The stream is over: drops an incomplete unit that was not handed out yet; returns its size in bytes. */
  end(): number;
}

/** Collects what the head of one file needs. */
export interface HeadBuilder {
  /** Its pictures, and the sound with them. */
  readonly groups: Groups;
  /** Whether media that the final head does not name are as good as not there. */
  readonly ignoresUnnamedMedia: boolean;
  /**
   * Gives up the last group of pictures and what came with it, but for so many frames of sound. Call it once, when no more
   * media will come. @returns what stays behind where the group began
   */
  dropLastGroup(repetition: Repetition): Span[];
  /** A head under which the media so far and to come are a valid growing file. A few kB, empty for AAC. */
  initialHead(): Buffer;
  /**
   * The head that makes an ordinary file of exactly `mediaBytes` bytes of media. Samples that do not lie
   * wholly within them are given up, so the bytes may end anywhere. Call it when no more media will come.
   */
  finalHead(mediaBytes: number): Buffer;
  durationMs(): number;
  videoFrames(): number;
  audioFrames(): number;
}

/** The bytes are not a stream of the expected format. */
export class ContainerError extends Error {
  override readonly name = 'ContainerError';
}

/** The builder of the current file; there is none before the first unit. */
export function requireFile<T>(file: T | undefined): T {
  if (file === undefined) throw new Error('startFile() must be called on the first unit event');
  return file;
}
