import { describe, expect, it } from 'vitest';
import { at, newRecording } from '../recordings/recording.fixture.ts';
import { MOST_STEPS_BYTES, orchestrationInputSchema } from '../schemas/orchestration.ts';
import type { Run } from '../schemas/post-processing.ts';
import { stepReason } from './reasons.ts';
import { keptFiles, MOST_FILES } from './results.ts';
import { aRun } from './run.fixture.ts';
import { runNotice } from './transition.ts';

const functionArn = 'arn:aws:lambda:eu-central-1:123456789012:function:index';
/** Twenty steps that are handed over with a text of so many characters, each of three bytes. */
const stepsWith = (characters: number) =>
  Array.from({ length: 20 }, (_, index) => {
    const parameters = Object.fromEntries(
      Array.from({ length: Math.ceil(characters / 1000) }, (_, part) => [`p${part}`, '語'.repeat(1000)]),
    );
    return { kind: 'lambda', name: `step-${index}`, functionArn, maxAttempts: 10, parameters };
  });
const given = (characters: number) =>
  orchestrationInputSchema.safeParse({ name: 'big', steps: stepsWith(characters) });

/** With all that its steps may come to hold. */
const full = (characters: number): Run => {
  const steps = given(characters).data?.steps ?? [];
  const key = 'k'.repeat(1000);
  const endpoint = `https://${'e'.repeat(240)}`;
  const bucket = {
    bucket: 'b'.repeat(63),
    region: 'eu-central-1',
    endpoint,
    credentials: { type: 'role' as const, roleArn: endpoint },
  };
  const files = Array.from({ length: 1000 }, (_, index) => ({ key: `${key}/${index}`, sizeBytes: 1e15 }));
  const many = Array.from({ length: MOST_FILES }, (_, index) => index);
  return aRun(undefined, {
    state: 'failed',
    endedAt: at(9),
    steps: steps.map((step) => ({
      ...{
        step,
        destination: { bucket, key },
        state: 'failed',
        attempt: 99,
        failures: 9,
        percent: 99,
        looks: 30,
      },
      ...{ startedAt: at(0), endedAt: at(9), reason: stepReason('told-failed', '語'.repeat(500)) },
      files: keptFiles(files, bucket.bucket),
      remote: {
        until: at(9),
        handedAt: at(0),
        jobId: 'j'.repeat(32),
        tokenHashes: many.map(() => 'h'.repeat(64)),
      },
      abandoned: many.map((attempt) => ({ attempt, jobId: 'j'.repeat(32), lookAt: at(9), looks: 30 })),
    })),
  });
};
const bytesOf = (value: object): number => Buffer.byteLength(JSON.stringify(value));

describe('An orchestration that is as large as it may be', () => {
  const LARGEST = 1000;

  it('is the largest one: another parameter is refused, by the name of the field', () => {
    expect(given(LARGEST).data?.steps).toHaveLength(20);
    expect(bytesOf(given(LARGEST).data?.steps ?? [])).toBeLessThanOrEqual(MOST_STEPS_BYTES);
    expect(given(2 * LARGEST).error?.issues).toMatchObject([
      { path: ['steps'], message: expect.stringContaining('must take 65536 bytes at most') },
    ]);
  });

  it('has runs that fit an item of the table', () => {
    expect(bytesOf(full(LARGEST))).toBeLessThan(400 * 1000);
  });

  it('has notices that fit a message', () => {
    const notice = runNotice(newRecording(), full(LARGEST), 'post-processing.failed');
    expect(bytesOf(notice)).toBeLessThan(256 * 1000);
  });
});
