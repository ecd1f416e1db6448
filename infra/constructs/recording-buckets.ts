import { Arn, Stack } from 'aws-cdk-lib';
import { Grant, type IRole } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from '../nag.ts';
import type { Settings } from '../settings.ts';

export interface RecordingBucketsProps {
  readonly spool: Bucket;
  /** The users' buckets, and the roles and secrets that their storages may name. */
  readonly settings: Pick<Settings, 'deployment' | 'recordingBuckets' | 'storageRoles' | 'storageSecrets'>;
}

/** Without it S3 answers 403 instead of 404 for an object that is not there. */
const LOOKING = ['s3:ListBucket'];
const UPLOADS_TOO = [...LOOKING, 's3:ListBucketMultipartUploads'];

/** Every bucket that media may be written to, with Streamkeep's own roles or with what storages name. */
export class RecordingBuckets extends Construct {
  readonly #buckets: readonly string[];
  readonly #roles: readonly string[];
  readonly #secrets: readonly string[];

  constructor(scope: Construct, id: string, { spool, settings }: RecordingBucketsProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const bucketArn = (bucket: string) =>
      bucket.startsWith('arn:')
        ? bucket
        : Arn.format({ service: 's3', region: '', account: '', resource: bucket }, stack);
    const secretArn = (secret: string, ending: string) =>
      secret.startsWith('arn:')
        ? secret
        : stack.formatArn({ service: 'secretsmanager', resource: `secret:${secret}${ending}` });
    // Exported here and not by the CDK later, because the acknowledged finding carries the name of the export.
    const spoolArn = Stack.of(spool).exportValue(spool.bucketArn);
    this.#buckets = [spoolArn, ...settings.recordingBuckets.map(bucketArn)];
    this.#roles = settings.storageRoles;
    this.#secrets = [
      secretArn(`${settings.deployment}/storages/`, '*'),
      // Six characters that Secrets Manager makes up end every ARN.
      ...settings.storageSecrets.map((secret) => secretArn(secret, '-??????')),
    ];
  }

  /**
   * Writing a recording, closing it for somebody else (which lists its parts), reading it back to sign URLs and to
   * verify copies, and deleting what a verified copy has replaced; and getting the credentials that storages name.
   */
  grantMedia(role: IRole): void {
    this.#grantObjects(
      role,
      [
        's3:PutObject',
        's3:GetObject',
        's3:DeleteObject',
        's3:AbortMultipartUpload',
        's3:ListMultipartUploadParts',
      ],
      // Uploads whose beginning was answered by nobody are found and aborted.
      { bucketActions: UPLOADS_TOO },
    );
  }

  /** Signing for objects and listing them, for steps that others do; and getting the credentials that storages name. */
  grantReads(role: IRole): void {
    this.#grantObjects(role, ['s3:GetObject']);
  }

  /** What a service of AWS needs to encode objects into others: it takes no credentials of storages. */
  grantEncoding(role: IRole): void {
    this.#grantObjects(role, ['s3:GetObject', 's3:PutObject'], { withCredentials: false });
  }

  /** Writing what is said of a recording beside its files, unless that is deleted; and getting the credentials that storages name. */
  grantManifests(role: IRole): void {
    this.#grantObjects(role, ['s3:PutObject', 's3:DeleteObject'], {
      bucketActions: [],
      keys: '*/recording.json',
    });
  }

  /**
   * Deleting what was recorded and what was made of it, also what was never completed, after a look whose it is; and
   * getting the credentials that storages name.
   */
  grantDeletion(role: IRole): void {
    this.#grantObjects(role, ['s3:GetObject', 's3:DeleteObject', 's3:AbortMultipartUpload'], {
      bucketActions: UPLOADS_TOO,
    });
  }

  #grantObjects(
    role: IRole,
    actions: string[],
    {
      bucketActions = LOOKING,
      keys = '*',
      withCredentials = true,
    }: { bucketActions?: string[]; keys?: string; withCredentials?: boolean } = {},
  ): void {
    const objects = this.#buckets.map((arn) => `${arn}/${keys}`);
    Grant.addToPrincipal({ grantee: role, actions, resourceArns: objects });
    if (bucketActions.length > 0) {
      Grant.addToPrincipal({ grantee: role, actions: bucketActions, resourceArns: [...this.#buckets] });
    }
    for (const resource of objects) {
      acknowledgeWildcard(
        role,
        resource,
        'Which keys a recording gets in a bucket is its template’s to say.',
      );
    }
    if (withCredentials) this.#grantCredentials(role);
  }

  #grantCredentials(role: IRole): void {
    if (this.#roles.length > 0) {
      Grant.addToPrincipal({ grantee: role, actions: ['sts:AssumeRole'], resourceArns: [...this.#roles] });
    }
    Grant.addToPrincipal({
      grantee: role,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [...this.#secrets],
    });
    for (const resource of this.#secrets.filter((arn) => /[*?]/.test(arn))) {
      acknowledgeWildcard(
        role,
        resource,
        'Secrets get the end of their ARN when they are made; the deployment’s prefix holds keys of storages alone.',
      );
    }
  }
}
