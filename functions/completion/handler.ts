import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { readEnv } from '../../shared/env.ts';
import { completionJobSchema } from '../../shared/events/notices.ts';
import { createNotices } from '../../shared/table/notices.ts';
import { openTable } from '../../shared/table/table.ts';
import { createQueueHandler } from '../common/queue-handler.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createCompletion } from './publish.ts';

const { telemetry, wrap } = createTelemetry();
const env = readEnv(['tableName', 'noticesTopicArn']);
const sns = new SNSClient({});

const handle = createCompletion({
  notices: createNotices(openTable(env.tableName)),
  publish: async (notice) => {
    await sns.send(
      new PublishCommand({
        TopicArn: env.noticesTopicArn,
        Message: JSON.stringify(notice),
        // Subscribers filter by it.
        MessageAttributes: { type: { DataType: 'String', StringValue: notice.type } },
      }),
    );
  },
  telemetry,
});

export const handler = wrap(
  createQueueHandler({ schema: completionJobSchema, fifo: false, telemetry, handle }),
);
