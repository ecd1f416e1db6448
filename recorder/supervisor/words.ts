import type { RecordingEvent } from '../../shared/events/recording-events.ts';
import type { SendRecordingEvent } from '../../shared/recordings/event-queue.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Log } from '../log.ts';
import { pause } from './pause.ts';

const FIRST_LOOK_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;

/** Between two looks when somebody waits. */
const HURRIED_LOOK_MS = 500;

/** A word whose loss would be noticed by nobody else. */
export type Word = Extract<RecordingEvent, { type: 'capture.started' | 'capture.ended' }>;

export interface WordPorts {
  readonly recorderId: string;
  readonly recordings: Pick<Recordings, 'get'>;
  readonly send: SendRecordingEvent;
  readonly log: Log;
}

/** What a recorder has said of its recordings, until the table shows that it was heard. */
export interface Words {
  /**
   * Sends it, and again and again while the table looks as if it had not been heard: one read each time, the first one
   * after ten seconds. Resolves when it was sent once, or could not be; never rejects.
   */
  say(word: Word): Promise<void>;
  /** Waits until everything was heard, but not longer than `mostMs`. @returns whether it was */
  allHeard(mostMs: number): Promise<boolean>;
}

/** Whether the table shows what a word has said, or that it does not matter any more. Pure. */
export const isHeard = (word: Word, recording: Recording | undefined, recorderId: string): boolean => {
  if (recording === undefined) return true;
  if (word.type === 'capture.started') return recording.media !== undefined;
  // The last word of a recorder that leaves also ends the handover.
  const { handover } = recording;
  if (handover?.epoch === word.epoch && handover.left !== true) return false;
  const isOurs = recording.owner === recorderId && recording.epoch === word.epoch;
  return recording.state !== 'recording' || !isOurs;
};

export const createWords = ({ recorderId, recordings, send, log }: WordPorts): Words => {
  const unheard = new Set<Promise<void>>();
  const hurry = new AbortController();

  const trySend = async (word: Word): Promise<void> => {
    const { recordId, type } = word;
    await send(word).catch((cause: unknown) =>
      log.error('An event could not be sent', { recordId, type, cause }),
    );
  };

  const look = async (word: Word): Promise<boolean> => {
    const { recordId, type } = word;
    try {
      return isHeard(word, await recordings.get(recordId), recorderId);
    } catch (cause) {
      log.warn('Whether an event was heard could not be looked up', { recordId, type, cause });
      return false;
    }
  };

  const untilHeard = async (word: Word): Promise<void> => {
    for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      await pause(wait, hurry.signal);
      if (hurry.signal.aborted) await pause(HURRIED_LOOK_MS);
      if (await look(word)) return;
      // Nobody waits long enough for another one to be heard.
      if (hurry.signal.aborted) continue;
      log.warn('An event was not heard; it is sent again', { recordId: word.recordId, type: word.type });
      await trySend(word);
    }
  };

  return {
    say: async (word) => {
      await trySend(word);
      const heard = untilHeard(word).finally(() => unheard.delete(heard));
      unheard.add(heard);
    },
    allHeard: async (mostMs) => {
      hurry.abort();
      const enough = new AbortController();
      await Promise.race([Promise.all(unheard), pause(mostMs, enough.signal)]);
      enough.abort();
      return unheard.size === 0;
    },
  };
};
