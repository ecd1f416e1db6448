import { SQSClient } from '@aws-sdk/client-sqs';
import { readEnv } from '../../shared/env.ts';
import { createWorkQueues } from '../../shared/recordings/queues.ts';
import type { TransitionPorts } from '../../shared/recordings/transition.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createNotices } from '../../shared/table/notices.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { openTable, type Table } from '../../shared/table/table.ts';

/** What a function needs that changes recordings; made once per container, from the environment. */
export const openRecordings = (): { table: Table; ports: TransitionPorts } => {
  const env = readEnv(['tableName', 'recordJobsQueueUrl', 'completionQueueUrl', 'uploadRetryQueueUrl']);
  const table = openTable(env.tableName);
  const ports: TransitionPorts = {
    recordings: createRecordings(table),
    files: createFiles(table),
    notices: createNotices(table),
    queues: createWorkQueues(new SQSClient({}), env),
    now: () => new Date(),
  };
  return { table, ports };
};
