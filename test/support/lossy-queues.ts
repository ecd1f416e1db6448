import type { Random } from '../faults/random.ts';

interface Message {
  readonly queue: string;
  work(): Promise<void>;
  readonly notBefore: number;
  /** Sent until it is heard. */
  readonly isSure?: true;
}

/** Queues in memory that lose, double, hold back and shuffle what is sent, as the seed has it, until they are mended. */
export const createLossyQueues = (random: Random, now: () => Date) => {
  let messages: Message[] = [];
  let lost = 0;
  let isLossy = true;

  const send = (queue: string, work: () => Promise<void>, delaySeconds = 0): void => {
    const fate = isLossy ? random.next() : 0.5;
    if (fate < 0.25) {
      lost += 1;
      return;
    }
    const notBefore = now().getTime() + (delaySeconds + (fate > 0.8 ? 20 : 0)) * 1000;
    messages.push({ queue, work, notBefore });
    if (fate > 0.6 && fate < 0.8) messages.push({ queue, work, notBefore });
  };

  /** As somebody does who says it until it is heard. */
  const sendSurely = (queue: string, work: () => Promise<void>): void => {
    messages.push({ queue, work, notBefore: now().getTime(), isSure: true });
  };

  /** Has one message of those that are due handled, whichever. False when none is due. */
  const deliver = async (): Promise<boolean> => {
    const due = messages.filter(({ notBefore }) => notBefore <= now().getTime());
    if (due.length === 0) return false;
    const message = random.pick(due);
    messages = messages.filter((other) => other !== message);
    await message.work();
    return true;
  };

  return {
    send,
    sendSurely,
    deliver,
    lost: () => lost,
    /** Everything that waits is lost, and nothing more. */
    purge: () => {
      const kept = messages.filter(({ isSure }) => isSure);
      lost += messages.length - kept.length;
      messages = kept;
      isLossy = false;
    },
  };
};
export type LossyQueues = ReturnType<typeof createLossyQueues>;
