import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { whenPlayAccepted } from './play-accepted.ts';

const watched = () => {
  const source = new PassThrough();
  const relayed: Buffer[] = [];
  source.pipe(new PassThrough().on('data', (chunk: Buffer) => relayed.push(chunk)));
  let accepted = 0;
  whenPlayAccepted(source, () => {
    accepted += 1;
  });
  const send = async (...chunks: (string | Buffer)[]): Promise<void> => {
    for (const chunk of chunks) {
      source.write(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { send, accepted: () => accepted, relayed: () => Buffer.concat(relayed) };
};

const HANDSHAKE = Buffer.alloc(3073, 7);

describe('The answer to a play command', () => {
  it('is noticed once, before any media, wherever the network cuts it', async () => {
    const words = 'NetStream.Play.Start';
    for (let cut = 0; cut <= words.length; cut += 1) {
      const { send, accepted, relayed } = watched();
      await send(HANDSHAKE, 'NetConnection.Connect.Success');
      expect(accepted()).toBe(0);
      await send(`code ${words.slice(0, cut)}`, `${words.slice(cut)} level`);
      expect(accepted()).toBe(1);
      await send(words, 'media');
      expect(accepted()).toBe(1);
      expect(relayed().toString('latin1').endsWith('media')).toBe(true);
    }
  });

  it('is none when the server refuses the reader', async () => {
    const { send, accepted } = watched();
    await send(HANDSHAKE, 'NetStream.Play.StreamNotFound', 'NetStream.Play.PublishNotify');
    expect(accepted()).toBe(0);
  });

  it('is taken for given when media come without it', async () => {
    const { send, accepted } = watched();
    await send(HANDSHAKE, Buffer.alloc(10_000));
    expect(accepted()).toBe(0);
    await send(Buffer.alloc(10_000));
    expect(accepted()).toBe(1);
  });
});
