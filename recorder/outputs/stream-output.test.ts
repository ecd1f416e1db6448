import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { ContainerEvent, ContainerParser, HeadBuilder } from '../containers/container.ts';
import { Groups } from '../containers/groups.ts';
import type { MediaFile } from '../files/media-file.ts';
import type { LeftFile } from './left-file.ts';
import { StreamOutput } from './stream-output.ts';

type Unit = { timeMs: number; key: boolean; changed?: boolean; bytes?: number };

/** Reads lines of JSON, each a unit; the line is its media. */
const lineParser = () => {
  const parser = { files: 0, ended: false };
  let groups = new Groups();
  const container: ContainerParser = {
    *push(chunk): Generator<ContainerEvent> {
      for (const line of chunk.toString().split('\n').slice(0, -1)) {
        const { timeMs, key, changed, bytes = 1 } = JSON.parse(line) as Unit;
        if (changed === true) yield { type: 'changed', what: 'video' };
        yield { type: 'unit', key, timeMs };
        if (parser.files === 0) throw new Error('startFile() must be called on the first unit event');
        groups.addFrame(bytes, key ? timeMs : undefined);
        yield { type: 'media', bytes: Buffer.from(`${line}\n`) };
      }
    },
    isWhole: true,
    startFile: () => {
      parser.files += 1;
      groups = new Groups();
      return { groups, durationMs: () => 1000 } as HeadBuilder;
    },
    end: () => {
      parser.ended = true;
      return 0;
    },
  };
  return Object.assign(parser, { container });
};

const line = (unit: Unit): string => `${JSON.stringify(unit)}\n`;

const open = (maxMs: number, before?: LeftFile) => {
  const parser = lineParser();
  const files: {
    startMs: number;
    media: string;
    closed: unknown;
    shortened: boolean;
    stored: PromiseWithResolvers<boolean>;
    spent: boolean;
    abandoned: boolean;
    marks: number[];
  }[] = [];
  const [onCodecChange, onKeyFrame, onTimeJump] = [vi.fn(), vi.fn(), vi.fn()];
  const clock = { now: 0 };
  const output: StreamOutput = new StreamOutput({
    parser: parser.container,
    before,
    maxMs,
    onCodecChange,
    onKeyFrame,
    onTimeJump,
    monotonicNow: () => clock.now,
    openFile: (_, startMs) => {
      const file = {
        startMs,
        media: '',
        closed: 'open' as unknown,
        shortened: false,
        stored: Promise.withResolvers<boolean>(),
        spent: false,
        abandoned: false,
        marks: [] as number[],
      };
      files.push(file);
      return {
        append: (bytes: Buffer) => {
          file.media += bytes.toString();
        },
        mark: () => {
          file.marks.push(file.media.length);
        },
        close: async (reason: unknown, repetition: unknown) => {
          file.closed = reason;
          file.shortened = repetition !== undefined;
        },
        whenStored: () => file.stored.promise,
        abandon: () => {
          file.abandoned = true;
        },
        get isSpent() {
          return file.spent;
        },
      } as unknown as MediaFile;
    },
  });
  const push = (...units: Unit[]) => output.push(Buffer.from(units.map(line).join('')));
  return { parser, files, onCodecChange, onKeyFrame, output, push };
};

const unitsArbitrary = fc
  .array(fc.record({ step: fc.integer({ min: 1, max: 900 }), key: fc.boolean() }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((steps) => {
    let timeMs = 0;
    return steps.map(({ step, key }): Unit => {
      timeMs += step;
      return { timeMs, key };
    });
  });

describe('A stream output', () => {
  it('cuts at the first key unit after the maximum, and loses and doubles nothing', async () => {
    await fc.assert(
      fc.asyncProperty(unitsArbitrary, fc.integer({ min: 1, max: 3000 }), async (units, maxMs) => {
        const { files, output, push } = open(maxMs);
        for (const unit of units) push(unit);
        await output.close();
        expect(files.map(({ media }) => media).join('')).toBe(units.map(line).join(''));
        for (const [index, { startMs, media }] of files.entries()) {
          const within = media
            .trim()
            .split('\n')
            .map((text) => JSON.parse(text) as Unit);
          expect(within[0]?.timeMs).toBe(startMs);
          expect(index === 0 || within[0]?.key).toBe(true);
          const late = within.slice(1).filter(({ key, timeMs }) => key && timeMs - startMs >= maxMs);
          expect(late).toEqual([]);
          const next = files[index + 1];
          if (next !== undefined) expect(next.startMs - startMs).toBeGreaterThanOrEqual(maxMs);
        }
      }),
    );
  });

  it('closes every file once: with no reason at a cut, with the given one at the end', async () => {
    const { files, output, push, parser } = open(1000);
    push({ timeMs: 0, key: true }, { timeMs: 1000, key: true });
    await output.close(endReason('stopped'));
    expect(files.map(({ closed }) => closed)).toEqual([undefined, endReason('stopped')]);
    expect(parser.ended).toBe(true);
  });

  it('counts what it has recorded, and tells of every key unit', async () => {
    const { output, push, onKeyFrame } = open(1000);
    expect(output.recordedSeconds).toBe(0);
    push({ timeMs: 0, key: true }, { timeMs: 500, key: false }, { timeMs: 1000, key: true });
    expect(onKeyFrame).toHaveBeenCalledTimes(2);
    // Two files, of a second each by this parser.
    expect(output.recordedSeconds).toBe(2);
    await output.close();
    expect(output.recordedSeconds).toBe(2);
  });

  it('tells a codec change with the time of the first unit that has it', () => {
    const { onCodecChange, push } = open(1000);
    push({ timeMs: 0, key: true }, { timeMs: 500, key: true, changed: true }, { timeMs: 600, key: true });
    expect(onCodecChange.mock.calls).toEqual([[500]]);
  });

  it('leaves out what comes at the time that it must stop before, and parses no more of it', async () => {
    const { files, output, push, parser, onCodecChange } = open(1000);
    push({ timeMs: 0, key: true });
    output.stopBefore(400, endReason('codec-changed'));
    push({ timeMs: 200, key: false }, { timeMs: 400, key: true }, { timeMs: 300, key: false });
    push({ timeMs: 5000, key: true, changed: true });
    await output.close();
    expect(files.map(({ media }) => media)).toEqual([
      line({ timeMs: 0, key: true }) + line({ timeMs: 200, key: false }),
    ]);
    expect(files[0]?.closed).toEqual(endReason('codec-changed'));
    expect(parser.files).toBe(1);
    expect(onCodecChange).not.toHaveBeenCalled();
  });

  it('can stop before its first unit', async () => {
    const { files, output, push } = open(1000);
    output.stopBefore(0, endReason('codec-changed'));
    push({ timeMs: 0, key: true }, { timeMs: 100, key: true });
    await output.close();
    expect(files).toEqual([]);
  });

  it('begins a next file at a key unit when the current one is spent', () => {
    const { files, push } = open(1_000_000);
    push({ timeMs: 0, key: true });
    for (const file of files) file.spent = true;
    push({ timeMs: 100, key: false }, { timeMs: 200, key: true }, { timeMs: 300, key: true });
    expect(files.map(({ startMs }) => startMs)).toEqual([0, 200]);
    expect(files[0]?.closed).toBeUndefined();
  });

  it('writes nothing any more once it is abandoned', () => {
    const { files, output, push } = open(100);
    push({ timeMs: 0, key: true });
    output.abandon();
    push({ timeMs: 1000, key: true });
    expect(files).toMatchObject([{ abandoned: true, media: line({ timeMs: 0, key: true }) }]);
  });

  describe('that another capture follows', () => {
    const group = (beginsMs: number, ...sizes: readonly number[]): Unit[] =>
      sizes.map((bytes, index) => ({ timeMs: beginsMs + index * 10, key: index === 0, bytes }));
    /** An output that has left its last file, of two groups. */
    const leaving = async () => {
      const first = open(1_000_000);
      first.push(...group(0, 9, 5, 6), ...group(100, 8, 4));
      const left: LeftFile[] = [];
      await first.output.close(endReason('source-silent'), (file) => left.push(file));
      const [file] = first.files;
      if (left[0] === undefined || file === undefined) throw new Error('Nothing was left');
      expect([left.length, file.closed]).toEqual([1, 'open']);
      return { left: left[0], file };
    };

    it('leaves its last file, which is closed without what the next one begins with', async () => {
      const { left, file } = await leaving();
      const next = open(1_000_000, left);
      next.push(...group(0, 8));
      expect(file.closed).toBe('open');
      next.push({ timeMs: 10, key: false, bytes: 4 });
      expect(file.closed).toBe('open');
      next.files[0]?.stored.resolve(true);
      await vi.waitFor(() =>
        expect(file).toMatchObject({ closed: endReason('source-silent'), shortened: true }),
      );
      await next.output.close();
      expect(next.files).toMatchObject([{ closed: undefined, shortened: false }]);
    });

    it('leaves nothing out that is not stored as what the next one begins with', async () => {
      const { left, file } = await leaving();
      const next = open(1_000_000, left);
      next.push(...group(0, 8, 4));
      next.files[0]?.stored.resolve(false);
      await next.output.close();
      expect(file).toMatchObject({ closed: endReason('source-silent'), shortened: false });
    });

    it.each([
      ['other pictures come', group(0, 7, 4)],
      ['it ends before all of them have come', group(0, 8)],
      ['nothing comes', []],
    ])('leaves nothing out when %s', async (_, units) => {
      const { left, file } = await leaving();
      const next = open(1_000_000, left);
      next.push(...units);
      await next.output.close();
      expect(file).toMatchObject({ closed: endReason('source-silent'), shortened: false });
    });

    it('does not wait for long for pictures', async () => {
      const { left, file } = await leaving();
      vi.useFakeTimers();
      onTestFinished(() => void vi.useRealTimers());
      open(1_000_000, left);
      vi.advanceTimersByTime(44_000);
      expect(file.closed).toBe('open');
      vi.advanceTimersByTime(2000);
      expect(file).toMatchObject({ closed: endReason('source-silent'), shortened: false });
    });

    it('hands on what was left to it when nothing has come', async () => {
      const { left, file } = await leaving();
      const again: LeftFile[] = [];
      const next = open(1_000_000, left);
      await next.output.close(endReason('source-unreachable'), (each) => again.push(each));
      expect(again).toEqual([left]);
      expect(file.closed).toBe('open');
    });

    it('abandons what was left to it', async () => {
      const { left, file } = await leaving();
      open(1_000_000, left).output.abandon();
      expect(file).toMatchObject({ abandoned: true, closed: 'open' });
    });
  });
});
