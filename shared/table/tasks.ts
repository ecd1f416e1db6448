import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { getItem } from '../config/items.ts';
import { taskKey } from '../config/keys.ts';
import { TABLE } from '../constants.ts';
import type { Task, TaskState } from '../schemas/task.ts';
import { taskSchema } from '../schemas/task.ts';
import { nextMoment } from '../tasks/machine.ts';
import { newestPage } from './newest.ts';
import { type Page, queryPage } from './pages.ts';
import { createRevised } from './revised.ts';
import { succeeds, type Table } from './table.ts';

/** As it is stored, with its use of its template until it is settled. */
const storedSchema = z.object({ ...taskSchema.shape, templateUse: z.string().optional() });
export type StoredTask = z.infer<typeof storedSchema>;

const LIST = 'TASKS';
const listOfStream = (stream: string): string => `TASKS#${stream}`;

const itemOf = ({ templateUse, ...task }: StoredTask) => {
  const moment = nextMoment(task);
  const order = `${task.startTime}#${task.taskId}`;
  return {
    ...taskKey(task.taskId),
    ...task,
    ...(task.settledAt === undefined && templateUse !== undefined ? { templateUse } : {}),
    ...(moment === undefined ? {} : { workPk: 'TASKS', workSk: moment }),
    [TABLE.listIndex.pk]: LIST,
    [TABLE.listIndex.sk]: order,
    [TABLE.streamIndex.pk]: listOfStream(task.stream),
    [TABLE.streamIndex.sk]: order,
  };
};

export interface TaskFilter {
  readonly stream?: string;
  readonly domain?: string;
  readonly app?: string;
  readonly state?: TaskState;
  /** Tasks that start in this span, RFC 3339. */
  readonly from?: string;
  readonly to?: string;
}

export const createTasks = (table: Table) => {
  const { client, tableName } = table;

  const get = async (taskId: string): Promise<StoredTask | undefined> => {
    const item = await getItem(table, taskKey(taskId));
    return item === undefined ? undefined : storedSchema.parse(item);
  };

  const { create, replace } = createRevised(table, itemOf);

  /** False when it has changed since it was read. */
  const remove = ({ taskId, revision }: Task): Promise<boolean> =>
    succeeds(
      client.send(
        new DeleteCommand({
          TableName: tableName,
          Key: taskKey(taskId),
          ConditionExpression: 'attribute_not_exists(pk) OR revision = :seen',
          ExpressionAttributeValues: { ':seen': revision },
        }),
      ),
    );

  /** Tasks whose next moment comes before `time`, or should have come; oldest first. */
  const due = async (time: string): Promise<Task[]> => {
    const { items } = await queryPage(client, {
      TableName: tableName,
      IndexName: TABLE.workIndex.name,
      KeyConditionExpression: 'workPk = :pk AND workSk < :time',
      ExpressionAttributeValues: { ':pk': 'TASKS', ':time': time },
    });
    return items.map((item) => storedSchema.parse(item));
  };

  /** Newest start first; those that are being deleted are left out. */
  const list = (
    { stream, from, to, domain, app, state }: TaskFilter,
    limit: number,
    cursor?: string,
  ): Promise<Page<Task>> => {
    const options = { schema: storedSchema, equal: { domain, app, state }, without: 'deletingAt', from, to };
    return newestPage(
      table,
      stream === undefined
        ? { ...options, index: TABLE.listIndex, list: LIST }
        : { ...options, index: TABLE.streamIndex, list: listOfStream(stream) },
      { limit, cursor },
    );
  };

  return { get, create, replace, remove, due, list };
};
export type Tasks = ReturnType<typeof createTasks>;
