import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openTable } from './table.ts';

it('The table is asked again, within a lease, when a request gets no answer at all', async () => {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    // The first one is never answered, as when its connection has died without a word.
    if (requests > 1) response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
  }))
    vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { client, tableName } = openTable('streamkeep');
  const begun = performance.now();
  await client.send(new GetCommand({ TableName: tableName, Key: { pk: 'a', sk: 'b' } }));
  expect(requests).toBe(2);
  expect(performance.now() - begun).toBeLessThan(6000);
});
