import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { RECORDINGS_BUCKET } from '../../local/bootstrap.ts';
import type { LocalRun } from '../../local/index.ts';
import { startS3 } from '../../local/s3/index.ts';
import type { Stopper } from '../../local/stopper.ts';
import type { Location } from '../../shared/schemas/recording.ts';
import type { Injection } from './proxy.ts';
import type { Random } from './random.ts';
import { type S3Fault, type S3Proxy, type Struck, startS3Proxy } from './s3-proxy.ts';

export const BACKUP_REGION = 'eu-west-1';
export const BACKUP_BUCKET = 'recordings-backup';

/** Somewhere that media may be. */
export interface Place {
  readonly location: Location;
  readonly bucket: string;
  /** Of the storage itself, with nothing in between. */
  readonly client: S3Client;
  /** Strikes what reaches this bucket alone. */
  inject(fault: S3Fault, struck?: Struck): Injection;
}

export interface Places {
  readonly primary: Place;
  readonly spool: Place;
  readonly backup?: Place;
}

export const allOf = ({ primary, backup, spool }: Places): Place[] =>
  backup === undefined ? [primary, spool] : [primary, backup, spool];

/** Strikes several places at once. */
export const injectAll = (places: readonly Place[], fault: S3Fault, struck?: Struck): Injection => {
  const injections = places.map((place) => place.inject(fault, struck));
  return {
    count: () => injections.reduce((sum, injection) => sum + injection.count(), 0),
    stop: () => {
      for (const injection of injections) injection.stop();
    },
  };
};

/** The backup's server, and what stands before it. */
export interface Backup {
  readonly url: string;
  readonly proxy: S3Proxy;
}

type S3Access = LocalRun['s3'];

const clientOf = ({ url, region, credentials }: S3Access, stopper: Stopper): S3Client => {
  const client = new S3Client({ region, credentials, endpoint: url, forcePathStyle: true });
  stopper.add(async () => client.destroy());
  return client;
};

/** A second region: a server of its own, with a bucket. */
export const startBackup = async (
  folder: string,
  { credentials }: Pick<S3Access, 'credentials'>,
  random: Random,
  stopper: Stopper,
): Promise<Backup> => {
  const server = await startS3({ dataDir: `${folder}/backup`, region: BACKUP_REGION, credentials });
  stopper.add(() => server.close());
  const proxy = await startS3Proxy(server.url, random);
  stopper.add(() => proxy.close());
  const client = clientOf({ url: server.url, region: BACKUP_REGION, credentials }, stopper);
  await client.send(new CreateBucketCommand({ Bucket: BACKUP_BUCKET }));
  return { url: server.url, proxy };
};

/** All places that a run has; `s3` stands before those of its own server. */
export const placesOf = (
  run: LocalRun,
  stopper: Stopper,
  { s3, backup }: { s3: Pick<S3Proxy, 'inject'>; backup?: Backup | undefined },
): Places => {
  const own = clientOf(run.s3, stopper);
  const place = (location: Location, bucket: string): Place => ({
    ...{ location, bucket, client: own },
    inject: (fault, struck) => s3.inject(fault, { ...struck, buckets: [bucket] }),
  });
  return {
    primary: place('primary', RECORDINGS_BUCKET),
    spool: place('spool', run.spoolBucket),
    ...(backup && {
      backup: {
        ...{ location: 'backup', bucket: BACKUP_BUCKET },
        client: clientOf({ ...run.s3, url: backup.url, region: BACKUP_REGION }, stopper),
        inject: (fault, struck) => backup.proxy.inject(fault, struck),
      },
    }),
  };
};
