import { describe, expect, it } from 'vitest';
import type { HlsFile } from '../outputs/hls-file.ts';
import { putDownWithheld } from './withheld.ts';

/** What happens to a file that keeps a group of pictures back, in order. */
const world = (withheld: string | undefined = 'k7') => {
  const happened: string[] = [];
  const left: Pick<HlsFile, 'withholds' | 'withheld' | 'settle' | 'leave'> = {
    ...{ withholds: true, withheld },
    settle: (begins?: string) => void happened.push(begins === withheld ? 'left out' : 'listed'),
    leave: async () => void happened.push('written'),
  };
  const handOver = (answer: boolean) => async (fingerprint: string) => {
    happened.push(`told of ${fingerprint}`);
    return answer;
  };
  const carried = { file: Promise.resolve(left as HlsFile), ended: new Set<string>() };
  return { carried, happened, handOver };
};

describe('A group of pictures that is kept back', () => {
  it('is listed when nobody goes on', async () => {
    const { carried, happened } = world();
    await putDownWithheld(carried);
    expect(happened).toEqual(['listed', 'written']);
  });

  it('is left to the recorder that goes on, which is told when the playlist is written', async () => {
    const { carried, happened, handOver } = world();
    await putDownWithheld(carried, handOver(true));
    expect(happened).toEqual(['written', 'told of k7', 'left out']);
  });

  it('is listed when that recorder does not wait for it', async () => {
    const { carried, happened, handOver } = world();
    await putDownWithheld(carried, handOver(false));
    expect(happened).toEqual(['written', 'told of k7', 'listed', 'written']);
  });

  it('is listed when others look like it, and nobody is told of it', async () => {
    const { carried, happened, handOver } = world();
    Object.assign((await carried.file) as HlsFile, { withheld: undefined });
    await putDownWithheld(carried, handOver(true));
    expect(happened).toEqual(['listed', 'written']);
  });

  it('is nothing to tell of when there is none', async () => {
    const { carried, happened, handOver } = world('');
    await putDownWithheld({ ...carried, file: Promise.resolve(undefined) }, handOver(true));
    expect(happened).toEqual([]);
  });
});
