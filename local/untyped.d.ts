declare module 'dynalite' {
  import type { Server } from 'node:http';
  /** A DynamoDB server on LevelDB at `path`; `server.close` closes the database too. */
  export default function dynalite(options: { path?: string; createTableMs?: number }): Server;
}

declare module 'node-media-server' {
  import type { Server } from 'node:net';

  interface Session {
    readonly id: string;
    readonly broadcast: { publishGraceMs: number };
  }
  export default class NodeMediaServer {
    constructor(config: { bind: string; rtmp: { port: string | number }; notify: { url: string } });
    readonly rtmpServer: { readonly tcpServer: Server; run(): void; stop(): void };
    readonly notifyServer: { run(): void };
    on(event: string, listener: (session: Session) => void): void;
  }
}
