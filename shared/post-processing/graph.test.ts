import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orchestrationInputSchema, type Step, stepSchema } from '../schemas/orchestration.ts';
import { acceptedFormats, graphProblems, scopeOf, stepsOf } from './graph.ts';

const step = (kind: string, name: string, more: object = {}): Step =>
  stepSchema.parse({
    kind,
    name,
    ...(kind === 'remux' ? { format: 'mp4' } : {}),
    ...(kind === 'clip' ? { fromSeconds: 0, toSeconds: 5 } : {}),
    ...more,
  });

describe('The steps of an orchestration', () => {
  it('may be a tree, and accept what every one of them can take', () => {
    const steps = [
      step('remux', 'film'),
      step('clip', 'trailer', { input: 'film' }),
      step('thumbnails', 'pictures', { input: 'film' }),
    ];
    expect(graphProblems(steps)).toEqual([]);
    expect(acceptedFormats(steps)).toEqual(['hls', 'flv']);
  });

  it('accept sound alone where no pictures are needed', () => {
    expect(acceptedFormats([step('remux', 'film')])).toEqual(['hls', 'flv', 'aac']);
    expect(acceptedFormats([step('thumbnails', 'pictures')])).toEqual(['hls', 'mp4', 'flv']);
    expect(acceptedFormats([step('remux', 'sound', { format: 'aac' })])).toEqual(['hls', 'mp4', 'flv']);
  });

  it.each([
    ['two of a name', [step('clip', 'a'), step('remux', 'a')], [1, 'name'], 'another step named a'],
    ['one called source', [step('clip', 'source')], [0, 'name'], 'must not be source'],
    ['a missing input', [step('clip', 'a', { input: 'b' })], [0, 'input'], 'there is none'],
    ['one that takes itself', [step('clip', 'a', { input: 'a' })], [0, 'input'], 'a needs a'],
    [
      'a cycle',
      [step('clip', 'a', { input: 'b' }), step('clip', 'b', { input: 'a' })],
      [0, 'input'],
      'a needs b needs a',
    ],
    [
      'images as an input',
      [step('thumbnails', 'a'), step('clip', 'b', { input: 'a' })],
      [1, 'input'],
      'makes images',
    ],
    [
      'the same format again',
      [step('remux', 'a'), step('remux', 'b', { input: 'a' })],
      [1, 'input'],
      'mp4 already',
    ],
    [
      'pictures of sound',
      [step('transcode', 'a', { format: 'mp4' }), step('thumbnails', 'b', { input: 'a' })],
      [1, 'input'],
      'mp4 without pictures',
    ],
    [
      'AV1 in HLS',
      [
        step('transcode', 'a', { format: 'mp4', video: { codec: 'av1' } }),
        step('clip', 'b', { input: 'a' }),
        step('remux', 'c', { input: 'b', format: 'hls' }),
      ],
      [2, 'input'],
      'hls cannot hold av1; it takes',
    ],
    [
      'Opus in AAC',
      [
        step('transcode', 'a', { video: {}, audio: { codec: 'opus' } }),
        step('clip', 'b', { input: 'a', format: 'aac' }),
      ],
      [1, 'input'],
      'aac cannot hold opus',
    ],
    [
      'a concat of a step',
      [step('clip', 'a'), step('concat', 'b', { input: 'a' })],
      [1, 'input'],
      'joins all files',
    ],
  ])('are refused with %s', (_, steps, path, words) => {
    const [problem] = graphProblems(steps as Step[]);
    expect(problem?.path).toEqual(path);
    expect(problem?.message).toContain(words);
  });

  it('may put into a format what it can hold of what a transcode has made', () => {
    const steps = [
      step('transcode', 'a', { video: { codec: 'av1' } }),
      step('remux', 'sound', { input: 'a', format: 'aac' }),
      step('remux', 'again', { input: 'sound', format: 'hls' }),
      step('transcode', 'playable', { input: 'a', format: 'hls', video: {} }),
    ];
    expect(graphProblems(steps)).toEqual([]);
  });

  it('accept what is left when some exclude others', () => {
    const steps = ['mp4', 'hls', 'aac'].map((format) => step('remux', format, { format }));
    expect(graphProblems(steps)).toEqual([]);
    expect(acceptedFormats(steps)).toEqual(['flv']);
  });

  it('behind a concat are run when the recording has ended', () => {
    const steps = [
      step('concat', 'all'),
      step('clip', 'start', { input: 'all' }),
      step('thumbnails', 'each'),
    ];
    expect(steps.map((one) => scopeOf(steps, one))).toEqual(['recording', 'recording', 'file']);
    expect(stepsOf(steps, 'file').map(({ name }) => name)).toEqual(['each']);
  });

  it('are judged without an end, however their inputs lead', () => {
    const names = ['a', 'b', 'c', 'd'];
    const inputs = fc.array(fc.constantFrom('source', ...names), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(inputs, (chosen) => {
        const steps = names.map((name, index) => step('clip', name, { input: chosen[index] ?? 'source' }));
        const reaches = (name: string, seen: string[] = []): boolean =>
          name === 'source' ||
          (!seen.includes(name) && reaches(chosen[names.indexOf(name)] ?? '', [...seen, name]));
        expect(graphProblems(steps).length === 0).toBe(names.every((name) => reaches(name)));
      }),
    );
  });

  it('are checked when an orchestration is saved, and what is wrong is named by its field', () => {
    const parsed = orchestrationInputSchema.safeParse({
      name: 'x',
      steps: [{ kind: 'clip', name: 'a', input: 'b', fromSeconds: 5, toSeconds: 10 }],
    });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['steps', 0, 'input']]);
  });
});
