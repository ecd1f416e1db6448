import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionError, Invocation, WorkerMessage, WorkerSetup } from './protocol.ts';

/** The thread in which one function lives, as Lambda's runtime would run it: one event at a time. */

if (parentPort === null) throw new Error('This is a worker thread of the local run');
const port = parentPort;
const setup = workerData as WorkerSetup;

const send = (message: WorkerMessage): void => port.postMessage(message);

const asError = (thrown: unknown): FunctionError =>
  thrown instanceof Error
    ? {
        name: thrown.name,
        message: thrown.message,
        ...(thrown.stack !== undefined && { stack: thrown.stack }),
      }
    : { name: 'Error', message: String(thrown) };

const contextOf = ({ requestId, deadline }: Invocation) => ({
  awsRequestId: requestId,
  functionName: setup.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: `arn:aws:lambda:${process.env.AWS_REGION}:000000000000:function:${setup.functionName}`,
  memoryLimitInMB: String(setup.memoryMb),
  logGroupName: `/aws/lambda/${setup.functionName}`,
  logStreamName: 'local',
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
});

type Handler = (event: unknown, context: ReturnType<typeof contextOf>) => unknown;

const load = async (): Promise<Handler> => {
  const module: Record<string, unknown> = await import(pathToFileURL(setup.entry).href);
  const handler = module[setup.handler];
  if (typeof handler !== 'function') throw new Error(`${setup.entry} exports no function ${setup.handler}`);
  return handler as Handler;
};

try {
  const handler = await load();
  port.on('message', async (invocation: Invocation) => {
    try {
      const value: unknown = await handler(invocation.event, contextOf(invocation));
      // Lambda passes results on as JSON: what JSON drops must be dropped here too.
      send({ type: 'result', value: value === undefined ? null : JSON.parse(JSON.stringify(value)) });
    } catch (error) {
      send({ type: 'failed', error: asError(error) });
    }
  });
  send({ type: 'loaded' });
} catch (error) {
  send({ type: 'failed', error: asError(error) });
}
