import { posix } from 'node:path';
import type { Schemas } from '../../client/index.ts';

type File = Schemas['File'];

/** A file to be written, and where its bytes are. */
export interface Download {
  readonly file: File;
  readonly url: string;
  readonly name: string;
}

// Keys hold what publishers have chosen: nothing of it may name another folder, or begin with a dot.
const safe = (name: string): string => name.replaceAll(/[\p{Cc}/\\:]/gu, '_').replace(/^\.+/, '_');

/** Name of the local file: the last part of its key; segments of HLS become one `.ts`. */
const nameOf = ({ key, format }: File): string => {
  const name = safe(posix.basename(key)) || 'recording';
  return format === 'hls' ? `${name.replace(/\.m3u8$/, '')}.ts` : name;
};

export interface Choice {
  readonly formats?: readonly string[];
  readonly fileId?: string;
}

/** What is to be written of the files of a recording; names that are equal are told apart. */
export const planDownloads = (files: readonly File[], { formats, fileId }: Choice): Download[] => {
  const taken = new Set<string>();
  const free = (name: string): string => {
    const dot = name.lastIndexOf('.');
    let chosen = name;
    for (let count = 2; taken.has(chosen); count += 1) {
      chosen = `${name.slice(0, dot)}-${count}${name.slice(dot)}`;
    }
    taken.add(chosen);
    return chosen;
  };
  return files
    .filter((file) => formats?.includes(file.format) !== false)
    .filter((file) => fileId === undefined || file.fileId === fileId)
    .flatMap((file) => (file.url === null ? [] : [{ file, url: file.url, name: free(nameOf(file)) }]));
};
