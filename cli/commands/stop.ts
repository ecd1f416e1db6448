import { dataOf } from '../../client/index.ts';
import type { AnyCommand } from '../command.ts';

export const stopTask: AnyCommand = {
  usage: 'stop <task>',
  about: 'End a task now',
  examples: ['tasks stop tsk_01KAN2VXJ8Q6S5T4R3P2N1M0K9'],
  async run({ api, out }, [taskId = '']) {
    out.item(await dataOf(api.POST('/v1/tasks/{taskId}/stop', { params: { path: { taskId } } })));
  },
};

export const stopRecording: AnyCommand = {
  usage: 'stop <recording>',
  about: 'End a recording now; seconds later its files are closed',
  examples: ['recordings stop rec_5f1d7a84e6ab0c3d92e8f47b10'],
  async run({ api, out }, [recordId = '']) {
    const params = { path: { recordId } };
    out.item(await dataOf(api.POST('/v1/recordings/{recordId}/stop', { params })));
  },
};
