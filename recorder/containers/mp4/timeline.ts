import type { Fragment } from './fragment.ts';
import type { Mp4Track } from './init.ts';
import type { TrackSamples } from './samples.ts';

/** Where the samples that one track has in one file are presented. */
export interface TrackTimeline {
  /** Composition time, in ticks after the first sample's decode time, at which the presentation begins. */
  readonly mediaTime: number;
  /** How long the track is presented, in ticks. */
  readonly presented: number;
  /** When the presentation begins, in seconds of the capture's timeline. */
  readonly begins: number;
}

/** What the initial moov leaves out at the start of a track (encoder priming) is left out here too. */
export function trackTimeline(track: Mp4Track, samples: TrackSamples): TrackTimeline {
  const mediaTime = Math.max(samples.presentationStart, track.mediaTime - samples.start);
  return {
    mediaTime,
    presented: Math.max(0, samples.presentationEnd - mediaTime),
    begins: track.delay + (mediaTime + samples.start - track.mediaTime) / track.timescale,
  };
}

/** When the first sample is presented: of the video, if the fragment has any; in ms of the capture's timeline. */
export function presentationMs(fragment: Fragment): number {
  const first = fragment.tracks.find(({ track }) => track.handler === 'vide') ?? fragment.tracks[0];
  const sample = first?.runs[0]?.samples[0];
  if (first === undefined || sample === undefined) return 0;
  const { delay, mediaTime, timescale } = first.track;
  return (delay + ((first.decodeTime ?? 0) + sample.compositionOffset - mediaTime) / timescale) * 1000;
}
