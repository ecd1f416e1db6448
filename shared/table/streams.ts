import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../constants.ts';
import type { StreamKey } from '../schemas/names.ts';
import { type Stream, streamSchema } from '../schemas/stream.ts';
import { newestPage } from './newest.ts';
import type { Page } from './pages.ts';
import { streamPartition } from './stream-key.ts';
import { succeeds, type Table } from './table.ts';

/** Days that an ended stream stays in the list. */
const KEEP_ENDED_DAYS = 30;

const keyOf = (key: StreamKey) => ({ [TABLE.pk]: streamPartition(key), [TABLE.sk]: 'STREAM' });

const listOf = (live: boolean): string => (live ? 'STREAMS#live' : 'STREAMS#ended');

const itemOf = (stream: Stream) => ({
  ...keyOf(stream),
  ...stream,
  [TABLE.listIndex.pk]: listOf(stream.live),
  [TABLE.listIndex.sk]: `${stream.startedAt}#${stream.sessionId}`,
  ...(stream.endedAt === undefined
    ? {}
    : { [TABLE.ttl]: Math.ceil(Date.parse(stream.endedAt) / 1000) + KEEP_ENDED_DAYS * 86_400 }),
});

export interface StreamFilter {
  readonly domain?: string;
  readonly app?: string;
  readonly stream?: string;
}

export const createStreams = ({ client, tableName }: Table) => {
  const get = async (key: StreamKey): Promise<Stream | undefined> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: keyOf(key), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : streamSchema.parse(Item);
  };

  /** Writes the next state; false when it is no longer the state that `seen` says (undefined: none yet). */
  const replace = (next: Stream, seen: Stream | undefined): Promise<boolean> =>
    succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: itemOf(next),
          ...(seen === undefined
            ? { ConditionExpression: 'attribute_not_exists(pk)' }
            : {
                // A recording that was deleted meanwhile must not come back, and makes the list shorter.
                ConditionExpression:
                  'sessionId = :session AND live = :live AND size(recordIds) = :recordings',
                ExpressionAttributeValues: {
                  ':session': seen.sessionId,
                  ':live': seen.live,
                  ':recordings': seen.recordIds.length,
                },
              }),
        }),
      ),
    );

  /**
   * Takes a recording that is being deleted off its stream, so that nobody makes it again because it is missing.
   * A stream that has no other says in `notRecorded` what became of it.
   */
  const forgetRecording = async (key: StreamKey, recordId: string): Promise<void> => {
    for (;;) {
      const { recordIds = [], notRecorded } = (await get(key)) ?? {};
      const index = recordIds.indexOf(recordId);
      if (index === -1) return;
      const says = recordIds.length === 1 && notRecorded === undefined;
      const forgotten = await succeeds(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(key),
            UpdateExpression: `REMOVE recordIds[${index}]${says ? ' SET notRecorded = :text' : ''}`,
            ConditionExpression: `recordIds[${index}] = :recordId`,
            ExpressionAttributeValues: {
              ':recordId': recordId,
              ...(says ? { ':text': 'Its recording was deleted.' } : {}),
            },
          }),
        ),
      );
      if (forgotten) return;
    }
  };

  /** Newest first. */
  const list = (
    live: boolean,
    limit: number,
    cursor?: string,
    { domain, app, stream }: StreamFilter = {},
  ): Promise<Page<Stream>> => {
    const equal = { domain, app, stream };
    const options = { schema: streamSchema, index: TABLE.listIndex, list: listOf(live), equal };
    return newestPage({ client, tableName }, options, { limit, cursor });
  };

  return { get, replace, forgetRecording, list };
};
export type Streams = ReturnType<typeof createStreams>;
