import { type TransitionPorts, transition } from '../../shared/recordings/transition.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import type { Recorders } from '../../shared/table/recorders.ts';

export interface StopPorts extends TransitionPorts {
  readonly recorders: Pick<Recorders, 'command'>;
}

/**
 * Tells the recorders of a session that it is over. A recorder looks at the stream's item itself as soon as the
 * source falls silent, and mostly knows before. One that is not registered any more has left its recording behind.
 * Recordings without an owner are the sweeper's. Safe to repeat.
 */
export const stopRecorders = async (ports: StopPorts, { sessionId, recordIds }: Stream): Promise<void> => {
  for (const recordId of recordIds) {
    const recording = await ports.recordings.get(recordId);
    if (recording?.state !== 'recording' || recording.sessionId !== sessionId) continue;
    const { owner } = recording;
    if (owner === undefined) continue;
    const isTold = await ports.recorders.command(owner, recordId, { stop: 'session-ended', sessionId });
    if (isTold) continue;
    const at = ports.now().toISOString();
    await transition(ports, recordId, { type: 'owner.lost', owner, at, sessionLive: false });
  }
};
