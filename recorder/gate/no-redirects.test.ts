import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { RedirectRefusedError, withoutRedirects } from './no-redirects.ts';

const through = (...chunks: string[]) =>
  text(Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(withoutRedirects()));

describe('The door for RTSP', () => {
  it('lets answers and media through unchanged', async () => {
    const chunks = ['RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n', '$\0\0\u0004abcd', 'RTSP/1.0 302 in media'];
    expect(await through(...chunks)).toBe(chunks.join(''));
  });

  it.each([
    ['in one piece', ['RTSP/1.0 302 Found\r\nLocation: rtsp://169.254.169.254/\r\n\r\n']],
    ['split before its last space', ['RTSP/1.0 302', ' Found\r\n\r\n']],
    ['in pieces', ['RTSP/1.0 200 OK\r\n\r\nRTSP/1', '.0 30', '1 Moved\r\n\r\n']],
  ])('refuses a redirect %s', async (_, chunks) => {
    await expect(through(...chunks)).rejects.toThrow(RedirectRefusedError);
  });
});
