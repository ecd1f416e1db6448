import { UsageError } from '../exit.ts';

/** Where in a bucket. */
export interface Destination {
  readonly bucket: string;
  /** Without `/` at either end; may be empty. */
  readonly prefix: string;
}

/** Of `s3://bucket/prefix`. @throws UsageError */
export const parseDestination = (text: string): Destination => {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/?#]+)(?:\/([^?#]*))?$/.exec(text) ?? [];
  if (bucket === undefined) throw new UsageError(`--to: '${text}' must be s3://BUCKET or s3://BUCKET/PREFIX`);
  return { bucket, prefix: prefix.replace(/^\/+|\/+$/g, '') };
};

const TIME = '{StartYear}-{StartMonth}-{StartDay}-{StartHour}-{StartMinute}-{StartSecond}';

/** The template's path: `prefix/name-2026-11-22-10-00-00`. */
export const pathOf = ({ prefix }: Destination, name: string | undefined): string =>
  [...(prefix === '' ? [] : [prefix]), `${name ?? '{StreamID}'}-${TIME}`].join('/');
