import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { getItem, isAbandoned, type Key, type Sources, systemSources } from '../config/items.ts';
import { TABLE } from '../constants.ts';
import { type StreamKey, timeSchema } from '../schemas/names.ts';
import { MOST_OVERLAPPING_TASKS, MOST_PENDING_TASKS } from '../schemas/task.ts';
import { mostAtOnce, type Span } from '../tasks/spans.ts';
import { streamPartition } from './stream-key.ts';
import { succeeds, type Table } from './table.ts';
import type { Tasks } from './tasks.ts';

const spanSchema = z.object({ startTime: timeSchema, endTime: timeSchema, begunAt: timeSchema });
const itemSchema = z.object({ spans: z.record(z.string(), spanSchema), writeId: z.string() });
type Spans = z.infer<typeof itemSchema>['spans'];

/** A task that may still have to be done, as its stream's item knows it. */
export interface PendingTask extends Span {
  readonly taskId: string;
}

export type Claim = 'claimed' | 'too-many-at-once' | 'too-many';

// Each retry means that another task of the same stream got through.
const MOST_TRIES = 50;

/** The item outlives its last task by so much. */
const KEEP_DAYS = 30;

const keyOf = (key: StreamKey): Key => ({ pk: streamPartition(key), sk: 'TASKS' });

/**
 * The pending tasks of each stream, in one item a stream: read with one consistent read when a stream begins, and
 * written on condition of what was read, so that the limits hold however many tasks are made at once. A task's span is
 * put here before the task is written, and taken away after it has been settled; spans that a crash has left without
 * a task are cleared away by the next who would be refused because of them.
 */
export const createPendingTasks = (
  table: Table,
  tasks: Pick<Tasks, 'get'>,
  { now, id }: Sources = systemSources,
) => {
  const { client, tableName } = table;

  const read = async (key: StreamKey): Promise<z.infer<typeof itemSchema> | undefined> => {
    const item = await getItem(table, keyOf(key));
    return item === undefined ? undefined : itemSchema.parse(item);
  };

  const of = async (key: StreamKey): Promise<PendingTask[]> =>
    Object.entries((await read(key))?.spans ?? {}).map(([taskId, span]) => ({ ...span, taskId }));

  const write = (key: StreamKey, spans: Spans, seen: string | undefined): Promise<boolean> => {
    const writeId = id();
    const last = Math.max(...Object.values(spans).map(({ endTime }) => Date.parse(endTime)));
    return succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: {
            ...keyOf(key),
            spans,
            writeId,
            [TABLE.ttl]: Math.ceil(last / 1000) + KEEP_DAYS * 86_400,
          },
          ...(seen === undefined
            ? { ConditionExpression: 'attribute_not_exists(pk) OR writeId = :mine' }
            : { ConditionExpression: 'writeId = :seen OR writeId = :mine' }),
          ExpressionAttributeValues: { ':mine': writeId, ...(seen === undefined ? {} : { ':seen': seen }) },
        }),
      ),
    );
  };

  const refusalOf = (spans: Spans, span: Span): Exclude<Claim, 'claimed'> | undefined => {
    const others = Object.values(spans);
    if (others.length >= MOST_PENDING_TASKS) return 'too-many';
    return mostAtOnce(others, span) >= MOST_OVERLAPPING_TASKS ? 'too-many-at-once' : undefined;
  };

  const isPending = async (taskId: string): Promise<boolean> => {
    const task = await tasks.get(taskId);
    return task !== undefined && task.settledAt === undefined;
  };

  /** Without what a crash has left behind. */
  const cleared = async (spans: Spans): Promise<Spans> => {
    const kept = await Promise.all(
      Object.entries(spans).map(
        async ([taskId, span]) => !isAbandoned(span.begunAt, now()) || (await isPending(taskId)),
      ),
    );
    return Object.fromEntries(Object.entries(spans).filter((_, index) => kept[index]));
  };

  /** Takes a span for a task that is about to be written. One read and one write, more when others do the same. */
  const claim = async (key: StreamKey, { taskId, startTime, endTime }: PendingTask): Promise<Claim> => {
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      const seen = await read(key);
      let spans = seen?.spans ?? {};
      if (refusalOf(spans, { startTime, endTime }) !== undefined) spans = await cleared(spans);
      const refusal = refusalOf(spans, { startTime, endTime });
      if (refusal !== undefined) return refusal;
      const wanted = { ...spans, [taskId]: { startTime, endTime, begunAt: now().toISOString() } };
      if (await write(key, wanted, seen?.writeId)) return 'claimed';
    }
    throw new Error(`The pending tasks of a stream changed ${MOST_TRIES} times while one was added`);
  };

  /** Safe to repeat. */
  const release = async (key: StreamKey, taskId: string): Promise<void> => {
    await succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(key),
          UpdateExpression: 'REMOVE spans.#task SET writeId = :mine',
          ConditionExpression: 'attribute_exists(spans.#task)',
          ExpressionAttributeNames: { '#task': taskId },
          ExpressionAttributeValues: { ':mine': id() },
        }),
      ),
    );
  };

  return { of, claim, release };
};
export type PendingTasks = ReturnType<typeof createPendingTasks>;
