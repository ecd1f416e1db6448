import { startTableServer } from '../../local/services/table-server.ts';

/** `node table-process.ts FOLDER`: a table server in a process of its own; says where it is. */
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Usage: node table-process.ts FOLDER');
const { url } = await startTableServer(folder);
process.stdout.write(`${url}\n`);
