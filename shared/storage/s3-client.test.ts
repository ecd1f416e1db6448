import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createObjectStore, s3ClientFor } from './s3-object-store.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('The client of a storage', () => {
  it('writes no lines of its own when a streamed body breaks off', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    const said = (['log', 'info', 'warn', 'error'] as const).map((level) =>
      vi.spyOn(console, level).mockImplementation(() => undefined),
    );
    const server = createServer((request) => request.socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const bucket = { bucket: 'bucket', region: 'us-east-1', endpoint, forcePathStyle: true };
    const store = createObjectStore(bucket, s3ClientFor(bucket));
    const buffers = [Buffer.alloc(1000)];
    await expect(store.put('key', { buffers, length: 1000 })).rejects.toThrow();
    server.close();
    for (const spy of said) expect(spy).not.toHaveBeenCalled();
  });
});
