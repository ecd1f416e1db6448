import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const url = 'http://127.0.0.1:9324/queue';
const environment = {
  TABLE_NAME: 'table',
  RECORD_JOBS_QUEUE_URL: url,
  RECORDING_EVENTS_QUEUE_URL: url,
  COMPLETION_QUEUE_URL: url,
  UPLOAD_RETRY_QUEUE_URL: url,
};

describe('The recorder’s settings', () => {
  it('have defaults for what may be left out', () => {
    expect(readSettings(environment)).toMatchObject({ RECORDER_SLOTS: 20, SOURCE_ALLOWED_CIDRS: [] });
  });

  it('read slots and networks', () => {
    const settings = readSettings({
      ...environment,
      RECORDER_SLOTS: '3',
      SOURCE_ALLOWED_CIDRS: '10.0.0.0/8, fd00::/8,',
    });
    expect(settings).toMatchObject({ RECORDER_SLOTS: 3, SOURCE_ALLOWED_CIDRS: ['10.0.0.0/8', 'fd00::/8'] });
  });

  it('name everything that is missing or wrong at once', () => {
    expect(() =>
      readSettings({ TABLE_NAME: '', RECORDER_SLOTS: '0', RECORD_JOBS_QUEUE_URL: 'queue' }),
    ).toThrow(/TABLE_NAME.*RECORD_JOBS_QUEUE_URL.*RECORDING_EVENTS_QUEUE_URL.*RECORDER_SLOTS/s);
  });
});
