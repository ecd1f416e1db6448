import { describe, expect, it } from 'vitest';
import type { Segment } from '../../shared/hls/playlist.ts';
import { createMemoryObjectStore, storageFault } from '../../shared/storage/memory-object-store.ts';
import { FencedError } from '../files/ledger.ts';
import { LivePlaylist } from './live-playlist.ts';

const KEY = 'a/one.m3u8';

const open = () => {
  const store = createMemoryObjectStore();
  const playlist = new LivePlaylist(KEY, 4, true);
  let segments = 0;
  const add = (): void => {
    segments += 1;
    const segment: Segment = { uri: `one/${segments}.ts`, durationSeconds: 4 };
    playlist.add(segment, 1000);
  };
  const write = (): Promise<void> => playlist.write(store, false, 0);
  const loseAnswers = (): void => {
    store.after = ({ operation }) => {
      if (operation === 'PutObject') throw storageFault('unavailable', operation);
    };
  };
  const text = (): string => store.objects.get(KEY)?.body.toString() ?? '';
  return { store, add, write, loseAnswers, text };
};

describe('A playlist that grows', () => {
  it('is gone on with when writes of it arrived whose answers were lost', async () => {
    const { store, add, write, loseAnswers, text } = open();
    add();
    await write();
    loseAnswers();
    for (let lost = 0; lost < 2; lost += 1) {
      add();
      await expect(write()).rejects.toThrow('InternalError');
    }
    store.after = undefined;
    add();
    await write();
    expect(text().match(/one\/\d\.ts/g)).toEqual(['one/1.ts', 'one/2.ts', 'one/3.ts', 'one/4.ts']);
  });

  it('is gone on with when the very first answer was lost', async () => {
    const { store, add, write, loseAnswers, text } = open();
    add();
    loseAnswers();
    await expect(write()).rejects.toThrow('InternalError');
    store.after = undefined;
    add();
    await write();
    expect(text()).toContain('one/2.ts');
  });

  it('is left alone when somebody else has written it', async () => {
    const { store, add, write, loseAnswers } = open();
    add();
    loseAnswers();
    await expect(write()).rejects.toThrow('InternalError');
    store.after = undefined;
    await store.put(KEY, Buffer.from('#EXTM3U'));
    add();
    await expect(write()).rejects.toThrow(FencedError);
  });
});
