import { open } from 'node:fs/promises';

export interface Box {
  readonly type: string;
  readonly offset: number;
  readonly size: number;
}

/** The top-level boxes of an MP4, in order. @throws when they do not fill the file exactly */
export const topLevelBoxes = async (path: string): Promise<Box[]> => {
  const file = await open(path);
  try {
    const { size: length } = await file.stat();
    const boxes: Box[] = [];
    const header = Buffer.alloc(16);
    let offset = 0;
    while (offset < length) {
      await file.read(header, 0, 16, offset);
      const short = header.readUInt32BE(0);
      const size = short === 1 ? Number(header.readBigUInt64BE(8)) : short;
      if (size < 8) throw new Error(`A box of ${size} bytes at ${offset}`);
      boxes.push({ type: header.toString('latin1', 4, 8), offset, size });
      offset += size;
    }
    if (offset !== length) throw new Error(`The boxes end at ${offset} of ${length}`);
    return boxes;
  } finally {
    await file.close();
  }
};
