import type { Carried } from '../capture/carried.ts';

/**
 * Puts down the group of pictures that was kept back for a next capture, when no capture of this recorder goes on with
 * the playlist any more.
 * @param handOver tells the recorder that goes on to begin with the key frame of this fingerprint; false when there is
 * none. Absent: nobody goes on
 */
export const putDownWithheld = async (
  { file }: Pick<Carried, 'file'>,
  handOver?: (fingerprint: string) => Promise<boolean>,
): Promise<void> => {
  const left = await file;
  const fingerprint = left?.withheld;
  if (left?.withholds !== true) return;
  if (handOver !== undefined && fingerprint !== undefined) {
    // Who goes on with the playlist reads it as soon as it is told.
    await left.leave();
    if (await handOver(fingerprint)) return left.settle(fingerprint);
  }
  left.settle();
  await left.leave();
};
