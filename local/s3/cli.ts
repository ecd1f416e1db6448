import { parseArgs } from 'node:util';
import { startS3 } from './index.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '4566' },
    region: { type: 'string', default: process.env.AWS_REGION ?? 'us-east-1' },
  },
});

if (values.data === undefined) {
  console.error(
    'Usage: node local/s3/cli.ts --data DIR [--host 127.0.0.1] [--port 4566] [--region us-east-1]',
  );
  process.exit(2);
}

const s3 = await startS3({
  dataDir: values.data,
  host: values.host,
  port: Number(values.port),
  region: values.region,
  credentials: {
    accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? 'local',
    secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? 'local-secret',
  },
});
console.log(`S3 (${s3.region}) is listening on ${s3.url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void s3.close());
}
