import type { Location, Progress } from '../../shared/schemas/recording.ts';
import type { CaptureGauge } from '../capture/capture.ts';

/** The bitrate is that of the last so many milliseconds. */
const RATE_WINDOW_MS = 10_000;

/** How one recording gets on here, over all of its captures. */
export interface Meter {
  /** Media that were recorded before, in seconds. */
  begin(secondsBefore: number): void;
  /**
   * From now on this capture is read; what the one before it has brought counts on.
   * @param now milliseconds since the epoch, as for `read`
   */
  capture(gauge: CaptureGauge, now: number): void;
  /** Media are written there from now on. */
  writesTo(location: Location): void;
  /** @param now milliseconds since the epoch, rising from call to call */
  read(now: number): Omit<Progress, 'at'>;
}

export const createMeter = (): Meter => {
  let before = { bytes: 0, seconds: 0 };
  let current: CaptureGauge | undefined;
  let location: Location = 'primary';
  let samples: { at: number; bytes: number }[] = [];

  const bytes = (): number => before.bytes + (current?.receivedBytes() ?? 0);
  const seconds = (): number => before.seconds + (current?.recordedSeconds() ?? 0);

  /** Over the window, or what there is of it. */
  const rate = (now: number): number => {
    samples.push({ at: now, bytes: bytes() });
    // The newest sample that is older than the window is where it begins.
    const begin = samples.findLastIndex(({ at }) => at <= now - RATE_WINDOW_MS);
    samples = samples.slice(Math.max(0, begin));
    const [first] = samples;
    if (first === undefined || first.at === now) return 0;
    return ((bytes() - first.bytes) * 8000) / (now - first.at);
  };

  return {
    begin: (secondsBefore) => {
      before = { ...before, seconds: before.seconds + secondsBefore };
    },
    capture: (gauge, now) => {
      before = { bytes: bytes(), seconds: seconds() };
      current = gauge;
      samples.push({ at: now, bytes: bytes() });
    },
    writesTo: (place) => {
      location = place;
    },
    read: (now) => {
      const keyFrameAt = current?.lastKeyFrameAt();
      return {
        receivedBytes: bytes(),
        durationSeconds: Math.round(seconds() * 1000) / 1000,
        bitsPerSecond: Math.round(rate(now)),
        ...(keyFrameAt === undefined ? {} : { lastKeyFrameAt: new Date(keyFrameAt).toISOString() }),
        location,
      };
    },
  };
};

/** Seconds of media in files that earlier captures have made: those of the format that has most. */
export const secondsIn = (
  files: readonly { readonly format: string; readonly durationSeconds: number }[],
): number => {
  const sums = new Map<string, number>();
  for (const { format, durationSeconds } of files) {
    sums.set(format, (sums.get(format) ?? 0) + durationSeconds);
  }
  return Math.max(0, ...sums.values());
};
