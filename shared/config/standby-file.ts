import { createHash } from 'node:crypto';
import { ImageError } from '../images/picture.ts';
import { readImage } from '../images/read-image.ts';
import { isMp4, readVideo } from '../images/read-video.ts';
import type { Standby, StandbyInput } from '../schemas/standby.ts';
import { STANDBY_TYPES } from '../schemas/standby-content.ts';

/** What is known of the file of standby content. */
export type StandbyFile = Omit<Standby, 'standbyId' | 'name' | 'createdAt' | 'updatedAt'>;

export type ResolvedStandby =
  /** `upload`: what has yet to be put under its key. */
  | { readonly type: 'resolved'; readonly file: StandbyFile; readonly upload?: Buffer }
  | { readonly type: 'faulty'; readonly field: 'data' | 'sha256'; readonly message: string };

const EXTENSIONS = {
  [STANDBY_TYPES.png]: 'png',
  [STANDBY_TYPES.jpg]: 'jpg',
  [STANDBY_TYPES.mp4]: 'mp4',
} as const;

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const fileOf = ({ standbyId: _, name: __, createdAt: ___, updatedAt: ____, ...file }: Standby): StandbyFile =>
  file;

const read = (bytes: Buffer) =>
  isMp4(bytes) ? { ...readVideo(bytes), contentType: STANDBY_TYPES.mp4, bytes } : readImage(bytes);

/**
 * The file that standby content is to have. Pure.
 * @param before what it is now, if it is there
 * @param folder under which nothing has ever been: what is deleted there can never be named again
 */
export const resolveStandby = (
  { data, sha256 }: Pick<StandbyInput, 'data' | 'sha256'>,
  before: Standby | undefined,
  folder: string,
): ResolvedStandby => {
  const bytes = data === undefined ? undefined : Buffer.from(data, 'base64');
  const fileSha256 = bytes === undefined ? sha256 : sha256Of(bytes);
  if (before !== undefined && before.fileSha256 === fileSha256)
    return { type: 'resolved', file: fileOf(before) };
  if (bytes === undefined || fileSha256 === undefined) {
    const has = before === undefined ? 'none' : before.fileSha256;
    const message = `must be that of the file which it has already: ${has}; send a new one as data`;
    return { type: 'faulty', field: 'sha256', message };
  }
  try {
    const { bytes: kept, ...about } = read(bytes);
    const hash = sha256Of(kept);
    const key = `${folder}/${hash}.${EXTENSIONS[about.contentType]}`;
    const file = { ...about, key, sha256: hash, fileSha256, sizeBytes: kept.length };
    return { type: 'resolved', file, upload: kept };
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    return { type: 'faulty', field: 'data', message: error.message };
  }
};
