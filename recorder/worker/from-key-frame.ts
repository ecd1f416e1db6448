import { TsReader } from '../containers/ts/reader.ts';

const TICKS_PER_SECOND = 90_000;
/** Time stamps are rounded: a key frame at the wanted moment must not be missed. */
const TREMBLE_SECONDS = 0.02;

/** A segment without what comes before the last key frame that is not later than wanted. */
export interface CutSegment {
  readonly bytes: Buffer;
  /** How much was cut off. */
  readonly cutSeconds: number;
}

/** Cuts a segment of MPEG-TS at the last key frame that begins at most `seconds` after its own beginning. */
export const fromKeyFrame = (segment: Buffer, seconds: number): CutSegment => {
  const reader = new TsReader();
  let kept: Buffer[] = [];
  let [firstTicks, cutSeconds, isOver]: [number | undefined, number, boolean] = [undefined, 0, false];
  for (const event of reader.push(segment)) {
    if (event.type === 'media') kept.push(event.bytes);
    if (event.type !== 'unit' || !event.key || isOver) continue;
    firstTicks ??= event.pts;
    const at = (event.pts - firstTicks) / TICKS_PER_SECOND;
    isOver = at > seconds + TREMBLE_SECONDS;
    if (!isOver) [kept, cutSeconds] = [[reader.tables()], at];
  }
  return { bytes: Buffer.concat(kept), cutSeconds };
};
