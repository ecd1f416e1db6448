import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { vi } from 'vitest';

export interface NginxRtmp {
  /** Without application and stream name. */
  readonly url: string;
  stop(): Promise<void>;
}

const MODULE = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return address.port;
};

export interface NginxOptions {
  /** URLs that are told of publishers and, if wanted, of players. */
  readonly publish: string;
  readonly play?: string;
  /** Where `/stat` is to tell what is live. */
  readonly statPort?: number;
}

// What nginx would make in the system's folders as soon as it serves HTTP.
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

const statServer = (folder: string, port: number): string => `http {
  access_log off;
  ${TEMPORARY.map((name) => `${name}_temp_path ${join(folder, name)};`).join(' ')}
  server {
    listen 127.0.0.1:${port};
    location = /stat { rtmp_stat all; }
  }
}
`;

/** nginx-rtmp as Debian packages it, with one application `live`. */
export const startNginxRtmp = async (
  folder: string,
  port: number,
  { publish, play, statPort }: NginxOptions,
): Promise<NginxRtmp> => {
  await mkdir(folder, { recursive: true });
  const path = (name: string): string => join(folder, name);
  // Readers that are slow lose frames once their queue is full; pushes faster than real time need a longer one.
  await writeFile(
    path('nginx.conf'),
    `load_module ${MODULE};
daemon off;
master_process off;
pid ${path('nginx.pid')};
error_log ${path('error.log')} info;
events { worker_connections 256; }
rtmp {
  out_queue 4096;
  server {
    listen 127.0.0.1:${port};
    application live {
      live on;
      on_publish ${publish};
      on_publish_done ${publish};
      ${play === undefined ? '' : `on_play ${play};`}
    }
  }
}
${statPort === undefined ? '' : statServer(folder, statPort)}`,
  );
  const nginx = spawn('nginx', ['-p', folder, '-c', path('nginx.conf'), '-e', path('error.log')], {
    stdio: 'ignore',
  });
  const ended = once(nginx, 'exit');
  const failed = ended.then(async () => {
    throw new Error(`nginx ended: ${await readFile(path('error.log'), 'utf8').catch(() => 'no log')}`);
  });
  failed.catch(() => undefined);
  const accepts = vi.waitFor(async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.destroy();
  }, 5000);
  await Promise.race([accepts, failed]);
  return {
    url: `rtmp://127.0.0.1:${port}`,
    stop: async () => {
      nginx.kill('SIGTERM');
      await ended;
    },
  };
};
