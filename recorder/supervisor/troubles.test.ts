import { describe, expect, it, vi } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Reason } from '../../shared/schemas/recording.ts';
import { silentLog } from '../recorder.fixture.ts';
import { createTroubles } from './troubles.ts';

const SILENT = endReason('source-silent');

const make = () => {
  const write = vi.fn(async (_: Reason | undefined): Promise<unknown> => true);
  const troubles = createTroubles('rec_1', write, silentLog());
  return { ...troubles, write, written: () => write.mock.calls.map(([reason]) => reason?.code) };
};

describe('The troubles of a recording', () => {
  it('are written when they begin and when they are over, not at each try', async () => {
    const { set, settled, written } = make();
    set('source', SILENT);
    set('source', endReason('source-silent', 'Again.'));
    await settled();
    expect(written()).toEqual(['source-silent']);
    set('source', undefined);
    set('source', undefined);
    await settled();
    expect(written()).toEqual(['source-silent', undefined]);
  });

  it('cost nothing while there are none', async () => {
    const { set, settled, written } = make();
    set('source', undefined);
    set('storage', undefined);
    await settled();
    expect(written()).toEqual([]);
  });

  it('of another cause stay when one is over', async () => {
    const { set, settled, written } = make();
    set('source', SILENT);
    await settled();
    set('storage', endReason('storage-failed'));
    await settled();
    set('storage', undefined);
    await settled();
    set('source', undefined);
    await settled();
    expect(written()).toEqual(['source-silent', 'storage-failed', 'source-silent', undefined]);
  });

  it('that are over before they are written are not', async () => {
    const { set, settled, written, write } = make();
    const first = Promise.withResolvers<unknown>();
    write.mockReturnValueOnce(first.promise);
    set('storage', endReason('storage-failed'));
    await vi.waitFor(() => expect(write).toHaveBeenCalled());
    set('source', SILENT);
    set('source', undefined);
    first.resolve(true);
    await settled();
    expect(written()).toEqual(['storage-failed']);
  });

  it('that could not be written are written with the next change', async () => {
    const { set, settled, written, write } = make();
    write.mockRejectedValueOnce(new Error('the table is away'));
    set('source', SILENT);
    await settled();
    set('source', SILENT);
    await settled();
    expect(written()).toEqual(['source-silent', 'source-silent']);
  });
});
