import { describe, expect, it, vi } from 'vitest';
import { StorageError } from '../../shared/storage/object-store.ts';
import { createMemoryFiles } from '../../shared/table/files.fixture.ts';
import {
  fileOf,
  HLS,
  journaledFileOf,
  ledgerOf,
  planOf,
  recordingOf,
  START,
  silentLog,
} from '../recorder.fixture.ts';
import { createLedger, FencedError } from './ledger.ts';

const RECORDING = recordingOf(planOf({ hls: HLS }));

describe('The ledger of a capture', () => {
  it('tells of a file when it opens and when it is ready, without its journal', async () => {
    const { ledger, files, sent } = ledgerOf(RECORDING);
    const file = journaledFileOf();
    await ledger.opened(file);
    expect(files.item(file.fileId)).toEqual(file);
    await ledger.closed(file);
    const { journal: _, ...rest } = file;
    expect(files.item(file.fileId)).toEqual({ ...rest, state: 'ready', readyAt: START.toISOString() });
    const about = { recordId: 'rec_1', epoch: 3, capture: 1, fileId: file.fileId, at: START.toISOString() };
    expect(sent).toEqual([
      { type: 'file.opened', ...about },
      { type: 'file.closed', ...about },
    ]);
  });

  it('takes an open file over from an earlier epoch', async () => {
    const old = fileOf('hls', { epoch: 1 });
    const { ledger, files } = ledgerOf(RECORDING, createMemoryFiles(old));
    await ledger.adopted({ ...old, epoch: 3 }, 1);
    expect(files.item(old.fileId).epoch).toBe(3);
    await expect(ledger.adopted({ ...old, epoch: 4 }, 1)).rejects.toThrow(FencedError);
  });

  it.each(['opened', 'journaled', 'closed'] as const)(
    'is fenced when %s is refused, and says so',
    async (step) => {
      const { ledger, onFenced, sent } = ledgerOf(
        RECORDING,
        createMemoryFiles(journaledFileOf('mp4', { epoch: 4 })),
      );
      await expect(ledger[step](journaledFileOf())).rejects.toThrow(FencedError);
      expect(onFenced).toHaveBeenCalled();
      expect(sent).toEqual([]);
    },
  );

  it('is not fenced by its own write whose answer was lost', async () => {
    const files = createMemoryFiles();
    const writesTwice = {
      ...files,
      open: async (file: Parameters<typeof files.open>[0]) => (await files.open(file)) && files.open(file),
      write: async (...args: Parameters<typeof files.write>) =>
        (await files.write(...args)) && files.write(...args),
    };
    const { ledger, onFenced } = ledgerOf(RECORDING, writesTwice);
    await ledger.opened(journaledFileOf());
    await ledger.closed(journaledFileOf());
    expect(onFenced).not.toHaveBeenCalled();
    expect(files.item('0001-mp4-0001').state).toBe('ready');
  });

  it('is not fenced by what others note of a file meanwhile', async () => {
    const files = createMemoryFiles();
    const tellsAtOnce = {
      ...files,
      open: async (file: Parameters<typeof files.open>[0]) => {
        await files.open(file);
        await files.tell(file, 'opened');
        return files.open(file);
      },
    };
    const { ledger, onFenced } = ledgerOf(RECORDING, tellsAtOnce);
    await ledger.opened(journaledFileOf());
    expect(onFenced).not.toHaveBeenCalled();
  });

  it('loses no file because an event could not be sent', async () => {
    const [files, log] = [createMemoryFiles(), silentLog()];
    const send = async () => {
      throw new Error('the queue is away');
    };
    const onFenced = vi.fn();
    const ledger = createLedger(RECORDING, 1, {
      ...{ files, send, log, onFenced },
      now: () => START,
      onTable: (operation) => operation(),
    });
    await ledger.opened(journaledFileOf());
    await ledger.closed(journaledFileOf());
    expect(files.item('0001-mp4-0001').state).toBe('ready');
    expect(log.error).toHaveBeenCalledTimes(2);
    expect(onFenced).not.toHaveBeenCalled();
  });

  it.each([
    ['storage-denied', new StorageError('denied', 'PutObject', 'PutObject: AccessDenied')],
    ['storage-failed', new StorageError('unavailable', 'PutObject', 'PutObject: SlowDown')],
    ['storage-failed', new Error('something else')],
  ])('notes %s on a file that stays open', async (code, cause) => {
    const { ledger, files } = ledgerOf(RECORDING, createMemoryFiles(journaledFileOf()));
    await ledger.failed(journaledFileOf(), cause);
    expect(files.item('0001-mp4-0001')).toMatchObject({
      state: 'recording',
      journal: { heldKey: 'work/held' },
      reason: { code, text: expect.stringContaining(cause.message) },
    });
  });

  it('notes nothing on a file that belongs to others, and never rejects', async () => {
    const { ledger, files, log } = ledgerOf(RECORDING, createMemoryFiles(journaledFileOf()));
    await ledger.failed(journaledFileOf(), new FencedError('gone'));
    expect(files.item('0001-mp4-0001')).toEqual(journaledFileOf());
    const away = async () => {
      throw new Error('the table is away');
    };
    const { ledger: other, log: otherLog } = ledgerOf(RECORDING, { ...files, write: away });
    await other.failed(journaledFileOf(), new Error('x'));
    expect(otherLog.error).toHaveBeenCalledTimes(2);
    expect(log.error).not.toHaveBeenCalled();
  });
});
