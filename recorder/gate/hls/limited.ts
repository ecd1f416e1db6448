import { pipeline, type Readable, Transform } from 'node:stream';
import { PlaylistError } from './playlist.ts';

/** A body that ends with an error, and is cut off, when it is longer than that. */
export const limited = (body: Readable, mostBytes: number): Readable => {
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      bytes += chunk.length;
      if (bytes > mostBytes) callback(new PlaylistError('A playlist, or what it names, is too long.'));
      else callback(null, chunk);
    },
  });
  return pipeline(body, limit, () => undefined);
};
