import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AddressedCommand, LEASE_SECONDS, type Recorders } from '../../shared/table/recorders.ts';
import { silentLog } from '../recorder.fixture.ts';
import { holdLease } from './lease.ts';

const BEAT_MS = 2000;
const STOP: AddressedCommand = { recordId: 'rec_1', stop: 'stopped' };

const hold = async () => {
  const recorders = {
    register: vi.fn<Recorders['register']>(async () => undefined),
    heartbeat: vi.fn<Recorders['heartbeat']>(async () => []),
    remove: vi.fn<Recorders['remove']>(async () => undefined),
  };
  const [log, onCommand, onLost] = [silentLog(), vi.fn(), vi.fn()];
  const isAwaiting = vi.fn(() => false);
  const onBeat = vi.fn(async () => undefined as undefined);
  const lease = await holdLease({
    recorderId: 'rcd_1',
    slots: 20,
    recorders: recorders as unknown as Recorders,
    busy: () => 3,
    isAwaiting,
    ...{ log, onCommand, onLost, onBeat },
  });
  const beats = (count: number) => vi.advanceTimersByTimeAsync(count * BEAT_MS);
  const acknowledged = () => recorders.heartbeat.mock.calls.map(([, , done]) => done);
  return { recorders, log, onCommand, onLost, onBeat, isAwaiting, lease, beats, acknowledged };
};

describe('A recorder’s lease', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is registered before anything else, and renewed well before it ends', async () => {
    const { recorders, beats } = await hold();
    expect(recorders.register).toHaveBeenCalledWith('rcd_1', 20, expect.any(Date));
    await beats(3);
    expect(recorders.heartbeat).toHaveBeenCalledTimes(3);
    expect(recorders.heartbeat.mock.calls[0]).toEqual(['rcd_1', 3, [], expect.any(Date)]);
    expect(BEAT_MS * 3).toBeLessThan(LEASE_SECONDS * 1000);
  });

  it('brings commands, each acknowledged with the next heartbeat', async () => {
    const { recorders, onCommand, beats, acknowledged } = await hold();
    recorders.heartbeat.mockResolvedValueOnce([STOP]);
    await beats(3);
    expect(onCommand.mock.calls).toEqual([[STOP]]);
    expect(acknowledged()).toEqual([[], [STOP], []]);
  });

  it('brings commands within half a second while one is waited for, and is followed by no more than else', async () => {
    const { recorders, onCommand, onBeat, isAwaiting, beats } = await hold();
    isAwaiting.mockReturnValue(true);
    await beats(1);
    expect(recorders.heartbeat).toHaveBeenCalledTimes(4);
    recorders.heartbeat.mockResolvedValueOnce([STOP]);
    await beats(0.25);
    expect(onCommand.mock.calls).toEqual([[STOP]]);
    isAwaiting.mockReturnValue(false);
    await beats(2);
    expect(recorders.heartbeat).toHaveBeenCalledTimes(7);
    expect(onBeat).toHaveBeenCalledTimes(3);
  });

  it('brings a command again when its acknowledgement was lost', async () => {
    const { recorders, onCommand, beats, acknowledged, log } = await hold();
    recorders.heartbeat
      .mockResolvedValueOnce([STOP])
      .mockRejectedValueOnce(new Error('the table is away'))
      .mockResolvedValueOnce([STOP]);
    await beats(4);
    expect(log.error).toHaveBeenCalledTimes(1);
    expect(onCommand).toHaveBeenCalledTimes(2);
    expect(acknowledged()).toEqual([[], [STOP], [], [STOP]]);
  });

  it('is lost when somebody has taken the recorder for dead', async () => {
    const { recorders, onLost, onBeat, beats } = await hold();
    recorders.heartbeat.mockResolvedValue('lost');
    await beats(1);
    expect(onLost).toHaveBeenCalled();
    expect(onBeat).not.toHaveBeenCalled();
  });

  it('is renewed on time, whatever follows a heartbeat and however long that takes', async () => {
    const { recorders, onBeat, beats } = await hold();
    const slow = Promise.withResolvers<undefined>();
    onBeat.mockReturnValueOnce(slow.promise);
    await beats(4);
    expect(recorders.heartbeat).toHaveBeenCalledTimes(4);
    expect(onBeat).toHaveBeenCalledTimes(1);
    slow.resolve(undefined);
    await beats(1);
    expect(onBeat).toHaveBeenCalledTimes(2);
  });

  it('outlives a failure of what follows a heartbeat', async () => {
    const { onBeat, beats, log } = await hold();
    onBeat.mockRejectedValueOnce(new Error('x'));
    await beats(2);
    expect(log.error).toHaveBeenCalledTimes(1);
    expect(onBeat).toHaveBeenCalledTimes(2);
  });

  it('holds from the sending of the last heartbeat that was answered', async () => {
    const { recorders, lease, beats } = await hold();
    const held = vi.fn();
    recorders.heartbeat.mockRejectedValue(new Error('the table is away'));
    await beats(2);
    await lease.fence.held();
    await beats(2);
    void lease.fence.held().then(held);
    await beats(1);
    expect(held).not.toHaveBeenCalled();
    recorders.heartbeat.mockResolvedValue([]);
    await beats(1);
    expect(held).toHaveBeenCalled();
  });

  it('never holds again once it is lost', async () => {
    const { recorders, lease, beats } = await hold();
    const held = vi.fn();
    recorders.heartbeat.mockResolvedValue('lost');
    await beats(4);
    void lease.fence.held().then(held);
    await beats(10);
    expect(held).not.toHaveBeenCalled();
  });

  it('is not renewed again while a heartbeat is under way', async () => {
    const { recorders, beats } = await hold();
    const slow = Promise.withResolvers<AddressedCommand[]>();
    recorders.heartbeat.mockReturnValueOnce(slow.promise);
    await beats(3);
    expect(recorders.heartbeat).toHaveBeenCalledTimes(1);
    slow.resolve([]);
    await beats(1);
    expect(recorders.heartbeat).toHaveBeenCalledTimes(2);
  });

  it('is given up after the heartbeat that is under way, and not renewed any more', async () => {
    const { recorders, lease, beats } = await hold();
    const slow = Promise.withResolvers<AddressedCommand[]>();
    recorders.heartbeat.mockReturnValueOnce(slow.promise);
    await beats(1);
    const released = lease.release();
    await beats(3);
    expect(recorders.remove).not.toHaveBeenCalled();
    slow.resolve([]);
    await released;
    expect(recorders.remove).toHaveBeenCalledWith('rcd_1');
    expect(recorders.heartbeat).toHaveBeenCalledTimes(1);
  });
});
