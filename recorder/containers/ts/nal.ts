import type { TsTrack } from './tables.ts';

const START_CODE = Buffer.from([0, 0, 1]);

/** The NAL units of an access unit in Annex B's format, without start codes and the zeros that may fill up. */
export function* nalUnits(unit: Buffer): Generator<Buffer> {
  let begin = unit.indexOf(START_CODE);
  while (begin >= 0) {
    const next = unit.indexOf(START_CODE, begin + START_CODE.length);
    let end = next < 0 ? unit.length : next;
    while (end > begin && unit[end - 1] === 0) end -= 1;
    yield unit.subarray(begin + START_CODE.length, end);
    begin = next;
  }
}

const typeOf = (nal: Buffer, codec: TsTrack['codec']): number =>
  codec === 'hevc' ? ((nal[0] ?? 0) >> 1) & 0x3f : (nal[0] ?? 0) & 0x1f;

/** Whether a NAL unit is a part of the picture, and not what goes with it. */
export const isPicture = (nal: Buffer, codec: TsTrack['codec']): boolean => {
  const type = typeOf(nal, codec);
  return codec === 'hevc' ? type < 32 : type >= 1 && type <= 5;
};

/** Whether a NAL unit says how to decode the pictures: VPS, SPS, PPS. */
export const isParameterSet = (nal: Buffer, codec: TsTrack['codec']): boolean => {
  const type = typeOf(nal, codec);
  return codec === 'hevc' ? type >= 32 && type <= 34 : type === 7 || type === 8;
};
