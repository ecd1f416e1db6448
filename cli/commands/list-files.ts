import { type Client, itemsOf, type Schemas } from '../../client/index.ts';
import type { AnyCommand } from '../command.ts';
import type { Column } from '../output/table.ts';
import { formatDuration } from '../values/duration.ts';
import { formatBytes } from '../values/format.ts';

type File = Schemas['File'];

export const FILE_COLUMNS: readonly Column<File>[] = [
  ['FILE', ({ fileId }) => fileId],
  ['STATE', ({ state }) => state],
  ['DURATION', ({ durationSeconds }) => formatDuration(durationSeconds), 'right'],
  ['SIZE', ({ sizeBytes }) => formatBytes(sizeBytes), 'right'],
  [
    'WHERE',
    ({ bucket, key, location }) => `s3://${bucket}/${key}${location === 'primary' ? '' : ` (${location})`}`,
  ],
  ['REASON', ({ reason }) => reason?.text],
];

export const filesOf = async (api: Client, recordId: string): Promise<File[]> => {
  const path = { recordId };
  const files: File[] = [];
  const all = itemsOf((query) => api.GET('/v1/recordings/{recordId}/files', { params: { path, query } }));
  for await (const file of all) files.push(file);
  return files;
};

export const listFiles: AnyCommand = {
  usage: 'files <recording>',
  about: 'List the files of a recording; with --json also their URLs, which play for an hour',
  examples: ['recordings files rec_5f1d7a84e6ab0c3d92e8f47b10'],
  async run({ api, out }, [recordId = '']) {
    out.list(await filesOf(api, recordId), FILE_COLUMNS, 'It has no files.');
  },
};
