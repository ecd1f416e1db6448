import { describe, expect, it } from 'vitest';
import type { RecordingFile } from '../schemas/recording.ts';
import { bucketOfFile } from './places.ts';
import { recordingWith } from './recording.fixture.ts';

const { plan } = recordingWith(0);
const endpoint = 'https://s3.example.com';
const backup = { bucket: 'second', region: 'eu-west-1', endpoint };

describe('Where a file is', () => {
  it.each<[RecordingFile['location'], object]>([
    ['primary', { bucket: 'this-one', region: 'eu-central-1' }],
    ['backup', { bucket: 'this-one', region: 'eu-west-1', endpoint }],
    ['spool', { bucket: 'this-one', region: 'us-east-1' }],
  ])('is its own bucket, reached as its location says: %s', (location, bucket) => {
    const file = { bucket: 'this-one', location };
    expect(bucketOfFile({ plan: { ...plan, backup } }, file, 'us-east-1')).toEqual(bucket);
  });
});
