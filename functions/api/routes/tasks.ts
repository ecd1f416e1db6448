import * as z from 'zod';
import type { FieldError, Problem } from '../../../shared/problems/problem.ts';
import { conflict, invalidRequest } from '../../../shared/problems/problems.ts';
import { domainNameSchema, streamPartSchema } from '../../../shared/schemas/names.ts';
import { reasonSchema } from '../../../shared/schemas/recording.ts';
import {
  MOST_OVERLAPPING_TASKS,
  MOST_PENDING_TASKS,
  momentSchema,
  type Task,
  type TaskInput,
  taskInputSchema,
  taskSchema,
  taskStateSchema,
} from '../../../shared/schemas/task.ts';
import type { TaskCreation } from '../../../shared/tasks/manage.ts';
import { expectFound, noSuch } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route } from '../route.ts';
import { defined, type Services } from '../services.ts';
import { idSchema } from './ids.ts';

const { taskId, domain, app, stream, startTime, endTime, createdAt } = taskSchema.shape;
const taskView = z
  .object({
    ...{ taskId, domain, app, stream },
    templateId: z.string().nullable().describe('null: HLS to the default storage.'),
    ...{ startTime, endTime },
    state: taskStateSchema.describe(
      'scheduled: its start is still to come; waiting: due, but the stream is not being recorded for it now.',
    ),
    reason: reasonSchema
      .nullable()
      .describe(
        'Why it failed, was missed or was stopped; while it waits, why a live stream cannot be recorded.',
      ),
    recordIds: z
      .array(z.string())
      .describe(
        'Its recordings: one for each session of the stream while it was due, the newest 100 of them.',
      ),
    createdAt,
  })
  .meta({ id: 'Task' });

const viewOf = (task: Task): z.input<typeof taskView> => ({
  ...task,
  templateId: task.templateId ?? null,
  reason: task.reason ?? null,
});

const TASK_ID = 'tsk_01KAN2VXJ8Q6S5T4R3P2N1M0K9';
const TASK_INPUT = {
  domain: 'push.example.com',
  app: 'live',
  stream: 'show',
  templateId: 'tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9',
  startTime: '2026-11-22T20:00:00.000Z',
  endTime: '2026-11-22T21:30:00.000Z',
};
const TASK: z.input<typeof taskView> = {
  ...TASK_INPUT,
  taskId: TASK_ID,
  state: 'scheduled',
  reason: null,
  recordIds: [],
  createdAt: '2026-11-22T10:00:00.000Z',
};
const STOPPED: z.input<typeof taskView> = {
  ...TASK,
  state: 'stopped',
  reason: { cause: 'user', code: 'task-stopped', text: 'The task was stopped by request.' },
};

const params = z.strictObject({ taskId: idSchema });

const refusal = (
  refused: Exclude<TaskCreation, { type: 'created' }>,
  { domain: name, templateId }: TaskInput,
): Problem => {
  const invalid = (error: Omit<FieldError, 'in'>): Problem => invalidRequest([{ in: 'body', ...error }]);
  switch (refused.type) {
    case 'wrong-times':
      return invalidRequest(refused.errors);
    case 'domain-missing':
      return invalid({ field: 'domain', given: name, message: 'must be a domain in /v1/domains' });
    case 'template-missing': {
      const message = 'must be the templateId of a template in /v1/templates';
      return invalid({ field: 'templateId', given: templateId ?? null, message });
    }
    case 'no-default-storage': {
      const message = 'is required, as no storage in /v1/storages is the default one';
      return invalid({ field: 'templateId', message });
    }
    case 'too-many-at-once': {
      const detail = `At any moment, at most ${MOST_OVERLAPPING_TASKS} tasks of a stream may record it.`;
      return conflict('too-many-tasks-at-once', 'Too many tasks overlap.', detail);
    }
    case 'too-many': {
      const detail = `A stream may have at most ${MOST_PENDING_TASKS} tasks that have not ended.`;
      return conflict('too-many-tasks', 'The stream has too many tasks.', detail);
    }
  }
};

export const taskRoutes = ({ tasks }: Pick<Services, 'tasks'>): Route[] => [
  route({
    method: 'POST',
    path: '/v1/tasks',
    operationId: 'createTask',
    tag: 'Tasks',
    summary: 'Record a stream from now or a later time on, whether or not a rule records it too.',
    scope: 'write',
    body: taskInputSchema,
    response: { status: 201, schema: taskView },
    example: { body: TASK_INPUT, response: TASK },
    async handle({ body }) {
      const creation = await tasks.create(body);
      if (creation.type !== 'created') throw refusal(creation, body);
      return viewOf(creation.task);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/tasks',
    operationId: 'listTasks',
    tag: 'Tasks',
    summary: 'List the tasks, newest start first.',
    scope: 'read',
    query: z.strictObject({
      ...pageQuery,
      domain: domainNameSchema.optional(),
      app: streamPartSchema.optional(),
      stream: streamPartSchema.optional(),
      state: taskStateSchema.optional().describe('Those in this state.'),
      from: momentSchema.optional().describe('Those that start at this time or later.'),
      to: momentSchema.optional().describe('Those that start at this time or earlier.'),
    }),
    response: { status: 200, schema: listOf(taskView) },
    example: { query: { stream: 'show', state: 'scheduled' }, response: { items: [TASK], cursor: null } },
    async handle({ query: { limit, cursor, ...filter } }) {
      const page = await readPage(() => tasks.list(defined(filter), limit, cursor));
      return { items: page.items.map(viewOf), cursor: page.cursor };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/tasks/{taskId}',
    operationId: 'getTask',
    tag: 'Tasks',
    summary: 'Get one task.',
    scope: 'read',
    params,
    response: { status: 200, schema: taskView },
    example: { params: { taskId: TASK_ID }, response: TASK },
    async handle({ params: { taskId: id } }) {
      const task = expectFound('task', id, await tasks.get(id));
      return viewOf(task);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/tasks/{taskId}/stop',
    operationId: 'stopTask',
    tag: 'Tasks',
    summary: 'End a task now, and its recording with it. Nothing happens to one that has ended.',
    scope: 'write',
    params,
    response: { status: 202, schema: taskView },
    example: { params: { taskId: TASK_ID }, response: STOPPED },
    async handle({ params: { taskId: id } }) {
      const task = expectFound('task', id, await tasks.stop(id));
      return viewOf(task);
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/tasks/{taskId}',
    operationId: 'deleteTask',
    tag: 'Tasks',
    summary: 'Remove a task, ending it first if it has not ended. Its recordings stay.',
    scope: 'write',
    params,
    response: { status: 204 },
    example: { params: { taskId: TASK_ID } },
    async handle({ params: { taskId: id } }) {
      if (!(await tasks.remove(id))) throw noSuch('task', id);
    },
  }),
];
