import { parentPort, workerData } from 'node:worker_threads';
import { startS3 } from '../s3/index.ts';

if (parentPort === null) throw new Error('This is a worker thread of the local run');
const port = parentPort;

try {
  const server = await startS3(workerData);
  port.once('message', async () => {
    await server.close();
    port.close();
  });
  port.postMessage({ type: 'listening', port: server.port });
} catch (error) {
  const { message, code } = error as NodeJS.ErrnoException;
  port.postMessage({ type: 'failed', message, code });
  port.close();
}
