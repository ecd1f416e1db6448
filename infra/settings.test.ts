import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const read = (context: Record<string, unknown>) => readSettings(new App({ context }).node);

describe('the settings', () => {
  it('have a default each', () => {
    expect(read({})).toEqual({
      deployment: 'streamkeep',
      recordingBuckets: [],
      storageRoles: [],
      storageSecrets: [],
      lambdaFunctions: [],
      stateMachines: [],
      jobTemplates: [],
      storageAllowedCidrs: [],
      sourceAllowedCidrs: [],
      callbackAllowedCidrs: [],
      recorderSlots: 20,
      failoverSeconds: 20,
      overflowGib: 10,
      maxRecorders: 50,
      maxWorkers: 10,
      retainData: true,
    });
  });

  it('mean the same as a list and as the command line’s commas', () => {
    const recordingBuckets = ['one-bucket', 'arn:aws-cn:s3:::other-bucket'];
    expect(read({ recordingBuckets })).toEqual(
      read({ recordingBuckets: 'one-bucket, arn:aws-cn:s3:::other-bucket' }),
    );
    expect(read({ recordingBuckets }).recordingBuckets).toEqual(recordingBuckets);
  });

  it('read numbers and flags as the command line gives them', () => {
    expect(read({ recorderSlots: '8', retainData: 'false' })).toMatchObject({
      recorderSlots: 8,
      retainData: false,
    });
  });

  it.each([
    ['recordingBuckets', '*'],
    ['recordingBuckets', 'arn:aws:s3:::*'],
    ['recordingBuckets', 'some-bucket/*'],
    ['recordingBuckets', ['UPPER']],
    ['storageRoles', 'media'],
    ['storageRoles', 'arn:aws:iam::123456789012:role/*'],
    ['storageSecrets', 'vendor*'],
    ['storageSecrets', 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:vendor-??????'],
    ['storageAllowedCidrs', 'internal'],
    ['callbackAllowedCidrs', '10.0.0.0/99'],
    ['sourceAllowedCidrs', '10.0.0.0'],
    ['sourceAllowedCidrs', 'internal'],
    ['recorderSlots', '0'],
    ['maxRecorders', '1.5'],
    ['retainData', 'maybe'],
    ['deployment', 'With Space'],
    ['alarmTopicArn', 'pager'],
  ])('refuse %s=%s, and say so by name', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(new RegExp(`Context is not valid\\. ${name}.*given: `));
  });
});
