import type { FolderOf } from '../recordings/folder.ts';
import { folderOfRecording } from '../recordings/folder.ts';

/** The thumbnails of one grid: where each is in it, and the time of each, in seconds of recorded media. */
export interface Sprite {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly seconds: readonly number[];
}

/** Thumbnails beside one another in a sprite, and beneath one another at most. */
export const SPRITE_COLUMNS = 5;
export const SPRITE_THUMBNAILS = 25;

export const latestKeyOf = (recording: FolderOf): string => `${folderOfRecording(recording)}/latest.jpg`;
export const cuesKeyOf = (recording: FolderOf): string => `${folderOfRecording(recording)}/thumbnails.vtt`;
/** What the keys of all sprites of a recording begin with. */
export const spritePrefixOf = (recording: FolderOf): string => `${folderOfRecording(recording)}/thumbnails-`;

const numbered = (value: number): string => String(value).padStart(4, '0');

/** @param capture in which it begins; no two recorders have the same one */
export const spriteKeyOf = (recording: FolderOf, capture: number, number: number): string =>
  `${spritePrefixOf(recording)}${numbered(capture)}-${numbered(number)}.jpg`;

const SPRITE_NAME = /^\d{4,}-\d{4,}\.jpg$/;

/** Whether an object is a sprite of this recording. */
export const isSpriteOf = (recording: FolderOf, key: string): boolean => {
  const prefix = spritePrefixOf(recording);
  return key.startsWith(prefix) && SPRITE_NAME.test(key.slice(prefix.length));
};

/** User metadata of a sprite: enough to list it without having made it. */
export const spriteMetadata = ({ width, height, seconds }: Sprite): Record<string, string> => ({
  'thumbnail-size': `${width}x${height}`,
  'thumbnail-seconds': seconds.map((value) => value.toFixed(3)).join(' '),
});

/** What a sprite says of itself; undefined when that is not what a sprite says. */
export const spriteOf = (key: string, metadata: Record<string, string>): Sprite | undefined => {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(metadata['thumbnail-size'] ?? '') ?? [];
  const seconds = (metadata['thumbnail-seconds'] ?? '').split(' ').map(Number);
  if (width === undefined || height === undefined || !seconds.every(Number.isFinite)) return undefined;
  return { key, width: Number(width), height: Number(height), seconds };
};

const clock = (seconds: number): string => new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23);
/** As WebVTT writes it, with as many hours as are needed: `00:01:02.500`. */
export const vttTime = (seconds: number): string => {
  const days = Math.floor(seconds / 86_400);
  const rest = clock(seconds - days * 86_400);
  return days === 0 ? rest : `${Number(rest.slice(0, 2)) + days * 24}${rest.slice(2)}`;
};

const nameOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1);

/**
 * WebVTT that says which part of which sprite shows each time of the recorded media: `{sprite}#xywh=x,y,width,height`,
 * relative to itself. Pure.
 * @param lastSeconds how long the last one is shown
 */
export const renderCues = (sprites: readonly Sprite[], lastSeconds: number): string => {
  const cues = sprites
    .flatMap(({ key, width, height, seconds }) =>
      seconds.map((from, index) => {
        const [column, row] = [index % SPRITE_COLUMNS, Math.floor(index / SPRITE_COLUMNS)];
        return { from, image: `${nameOf(key)}#xywh=${column * width},${row * height},${width},${height}` };
      }),
    )
    .sort((one, other) => one.from - other.from);
  const lines = cues.flatMap(({ from, image }, index) => {
    const to = cues[index + 1]?.from ?? from + lastSeconds;
    // Two recorders may have made one of the same time.
    return to - from < 0.001 ? [] : ['', `${vttTime(from)} --> ${vttTime(to)}`, image];
  });
  return ['WEBVTT', ...lines, ''].join('\n');
};
