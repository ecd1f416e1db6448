import { mkdir, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { AnyCommand, CommandSpec } from '../command.ts';
import { FILE_COLUMNS, filesOf } from '../commands/list-files.ts';
import { CliError, EXIT } from '../exit.ts';
import { createProgress } from '../output/progress.ts';
import { parseList } from '../values/choices.ts';
import { formatBytes } from '../values/format.ts';
import { fetchFile } from './fetch-file.ts';
import { planDownloads } from './plan.ts';

interface Given {
  readonly to?: string;
  readonly format?: string;
  readonly file?: string;
  readonly force?: boolean;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const command: CommandSpec<Given> = {
  usage: 'download <recording>',
  about: 'Download the files of a recording; the segments of HLS as one .ts',
  examples: ['recordings download rec_5f1d7a84e6ab0c3d92e8f47b10 --format mp4 --to videos'],
  options: [
    { flags: '--to <folder>', about: 'where to; absent: here' },
    { flags: '--format <formats>', about: 'of hls, mp4, flv and aac; absent: all' },
    { flags: '--file <file>', about: 'this one only' },
    { flags: '--force', about: 'write over files that are there' },
  ],
  async run({ api, io, out }, [recordId = ''], { to = '.', format, file, force = false }) {
    const downloads = planDownloads(await filesOf(api, recordId), {
      ...(format === undefined ? {} : { formats: parseList(format, ['hls', 'mp4', 'flv', 'aac']) }),
      ...(file === undefined ? {} : { fileId: file }),
    });
    if (downloads.length === 0) throw new CliError('There is nothing to download.');
    const folder = resolve(io.cwd, to);
    await mkdir(folder, { recursive: true });
    const progress = createProgress(io);
    try {
      for (const download of downloads) {
        const path = join(folder, download.name);
        if (!force && (await exists(path)))
          throw new CliError(`${path} is there already; --force writes over it.`);
        const shown = relative(io.cwd, path) || path;
        await fetchFile(io, download, path, (bytes) => {
          const { sizeBytes } = download.file;
          const share = sizeBytes > 0 ? `${Math.min(100, Math.floor((100 * bytes) / sizeBytes))} %` : '';
          progress.show(`${shown}  ${formatBytes(bytes)} of ${formatBytes(sizeBytes)}  ${share}`);
        });
        progress.end();
        out.text(shown);
      }
    } finally {
      progress.end();
    }
    if (out.isJson) {
      out.list(
        downloads.map((download) => download.file),
        FILE_COLUMNS,
        '',
      );
    }
    return EXIT.ok;
  },
};
export const downloadRecording: AnyCommand = command;
