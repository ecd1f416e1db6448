import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../constants.ts';
import type { StreamKey } from '../schemas/names.ts';
import { type Stream, streamSchema } from '../schemas/stream.ts';
import { type Page, queryPage } from './pages.ts';
import { succeeds, type Table } from './table.ts';

/** Days that an ended stream stays in the list. */
const KEEP_ENDED_DAYS = 30;

const keyOf = ({ domain, app, stream }: StreamKey) => ({
  // Slashes inside a name are escaped, so that no two keys collide.
  [TABLE.pk]: `STREAM#${[domain, app, stream].map(encodeURIComponent).join('/')}`,
  [TABLE.sk]: 'STREAM',
});

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
                ConditionExpression: 'sessionId = :session AND live = :live',
                ExpressionAttributeValues: { ':session': seen.sessionId, ':live': seen.live },
              }),
        }),
      ),
    );

  /** Newest first. */
  const list = async (live: boolean, limit: number, cursor?: string): Promise<Page<Stream>> => {
    const page = await queryPage(
      client,
      {
        TableName: tableName,
        IndexName: TABLE.listIndex.name,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': TABLE.listIndex.pk },
        ExpressionAttributeValues: { ':pk': listOf(live) },
        ScanIndexForward: false,
      },
      { limit, ...(cursor === undefined ? {} : { cursor }) },
    );
    return { items: page.items.map((item) => streamSchema.parse(item)), cursor: page.cursor };
  };

  return { get, replace, list };
};
export type Streams = ReturnType<typeof createStreams>;
