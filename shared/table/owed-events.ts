import { createHash } from 'node:crypto';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Sources, systemSources } from '../config/items.ts';
import { OWED_EVENT_PREFIX, TABLE } from '../constants.ts';
import { type OwedEvent, owedEventSchema } from '../events/stream-events.ts';
import type { StreamKey } from '../schemas/names.ts';
import { queryPage } from './pages.ts';
import { streamPartition } from './stream-key.ts';
import type { Table } from './table.ts';

/** Seconds after which nobody tries any more: one that was not taken in by then never will be, and holds up others. */
const KEEP_SECONDS = 3600;

/** Of one stream more have never been on their way; who sends more than that is not helped. */
const MOST_OF_STREAM = 20;

const partitionOf = (key: StreamKey): string => `${OWED_EVENT_PREFIX}${streamPartition(key)}`;

/** The same for the same event, so that noting it again is harmless. */
const keyOf = (event: OwedEvent) => {
  const { type, key, at } = event;
  const who = event.type === 'silent' ? event.sessionId : event.clientId;
  const hash = createHash('sha256')
    .update(JSON.stringify([type, who, at]))
    .digest('hex');
  return { [TABLE.pk]: partitionOf(key), [TABLE.sk]: hash };
};

/** Events of streams that have not been taken in yet: an obligation each, gone when done. */
export const createOwedEvents = ({ client, tableName }: Table, { now }: Sources = systemSources) => {
  /** Safe to repeat. One write. */
  const add = async (event: OwedEvent): Promise<void> => {
    const at = now();
    await client.send(
      new PutCommand({
        TableName: tableName,
        Item: {
          ...keyOf(event),
          event,
          // Not the event's own time: that is of the ingest server's clock.
          workPk: 'EVENTS',
          workSk: at.toISOString(),
          [TABLE.ttl]: Math.ceil(at.getTime() / 1000) + KEEP_SECONDS,
        },
      }),
    );
  };

  /** It has been taken in, or was never noted. */
  const remove = async (event: OwedEvent): Promise<void> => {
    await client.send(new DeleteCommand({ TableName: tableName, Key: keyOf(event) }));
  };

  /** Some of those of one stream, in no order: all of them, as a rule. One query. */
  const ofStream = async (key: StreamKey): Promise<OwedEvent[]> => {
    const { items } = await queryPage(
      client,
      {
        TableName: tableName,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': TABLE.pk },
        ExpressionAttributeValues: { ':pk': partitionOf(key) },
        ConsistentRead: true,
      },
      { limit: MOST_OF_STREAM },
    );
    return items.map((item) => owedEventSchema.parse(item.event));
  };

  /** The `limit` oldest events that should have been taken in before `time`, in the order in which they were noted. */
  const overdue = async (time: Date, limit: number): Promise<OwedEvent[]> => {
    const { items } = await queryPage(
      client,
      {
        TableName: tableName,
        IndexName: TABLE.workIndex.name,
        KeyConditionExpression: 'workPk = :pk AND workSk BETWEEN :since AND :time',
        ExpressionAttributeValues: {
          ':pk': 'EVENTS',
          ':since': new Date(time.getTime() - KEEP_SECONDS * 1000).toISOString(),
          ':time': time.toISOString(),
        },
      },
      { limit },
    );
    return items.map((item) => owedEventSchema.parse(item.event));
  };

  return { add, remove, ofStream, overdue };
};
export type OwedEvents = ReturnType<typeof createOwedEvents>;
