import { dataOf } from '../../client/index.ts';
import type { AnyCommand, CommandSpec } from '../command.ts';
import { confirm } from '../confirm.ts';
import { keyText } from '../resources/common.ts';
import { yesOption } from './delete.ts';

const command: CommandSpec<{ objects?: boolean; yes?: boolean }> = {
  usage: 'delete <recording>',
  about: 'Delete the record of a recording, with --objects also everything that was recorded; asks first',
  examples: ['recordings delete rec_5f1d7a84e6ab0c3d92e8f47b10 --objects'],
  options: [{ flags: '--objects', about: 'also the objects in the bucket' }, yesOption],
  async run({ api, out, io }, [recordId = ''], { objects = false, yes }) {
    const path = { recordId };
    const recording = await dataOf(api.GET('/v1/recordings/{recordId}', { params: { path } }));
    const what = objects
      ? 'and everything that was recorded, which cannot be undone'
      : 'but keep its objects';
    await confirm(io, `Delete recording ${recordId} of ${keyText(recording)}, ${what}?`, yes);
    const query = { objects: objects ? ('true' as const) : ('false' as const) };
    out.item(await dataOf(api.DELETE('/v1/recordings/{recordId}', { params: { path, query } })));
  },
};
export const deleteRecording: AnyCommand = command;
