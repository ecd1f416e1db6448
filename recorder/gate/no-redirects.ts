import { Transform } from 'node:stream';

/** An RTSP source tried to send ffmpeg elsewhere. */
export class RedirectRefusedError extends Error {
  override readonly name = 'RedirectRefusedError';
}

const REDIRECT = /RTSP\/1\.\d 3\d\d /;
/** Longest text that can still be the beginning of a redirect. */
const OVERLAP = 'RTSP/1.0 302'.length;
// Interleaved media begin with `$`; redirects come before, in answer to DESCRIBE, SETUP or PLAY.
const INTERLEAVED = 0x24;

/**
 * Lets RTSP through, but no redirect: ffmpeg would follow it past the gate, to any address. Looks only until the
 * first media.
 */
export const withoutRedirects = (): Transform => {
  let end = '';
  let looking = true;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      if (looking) {
        const text = end + chunk.toString('latin1');
        if (REDIRECT.test(text)) return callback(new RedirectRefusedError('The source sent a redirect.'));
        end = text.slice(-OVERLAP);
        looking = chunk[0] !== INTERLEAVED;
      }
      callback(null, chunk);
    },
  });
};
