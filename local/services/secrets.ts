import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { LOCAL_ACCOUNT } from '../template/resolve.ts';
import { LOCAL_REGION } from './credentials.ts';

/** What Secrets Manager refuses a request with. */
export class SecretsError extends Error {
  override readonly name = 'SecretsError';
  /** Such as `ResourceNotFoundException`. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Secrets {
  /** Runs an operation, such as `GetSecretValue`. @throws SecretsError */
  perform(operation: string, input: unknown): Promise<Record<string, string>>;
}

const secretSchema = z.object({ name: z.string(), arn: z.string(), value: z.string(), version: z.string() });
type Secret = z.infer<typeof secretSchema>;

const readSecrets = async (file: string): Promise<Secret[]> => {
  try {
    return z.array(secretSchema).parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

const createSchema = z.object({ Name: z.string().min(1), SecretString: z.string() });
const idSchema = z.object({ SecretId: z.string() });

const arnOf = (name: string): string =>
  `arn:aws:secretsmanager:${LOCAL_REGION}:${LOCAL_ACCOUNT}:secret:${name}-${randomBytes(3).toString('hex')}`;

/** Secrets in a plain file that only its owner may read. */
export const openSecrets = async (file: string): Promise<Secrets> => {
  const secrets = new Map((await readSecrets(file)).map((secret) => [secret.name, secret]));
  let written: Promise<void> = Promise.resolve();

  const save = (): Promise<void> => {
    written = written.then(async () => {
      await writeFile(`${file}.new`, JSON.stringify([...secrets.values()]), { mode: 0o600 });
      await rename(`${file}.new`, file);
    });
    return written;
  };
  const found = (input: unknown): Secret => {
    const { SecretId } = idSchema.parse(input);
    const secret = [...secrets.values()].find(({ name, arn }) => name === SecretId || arn === SecretId);
    if (secret !== undefined) return secret;
    throw new SecretsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  };
  const put = async (name: string, arn: string, value: string): Promise<Record<string, string>> => {
    const version = crypto.randomUUID();
    secrets.set(name, { name, arn, value, version });
    await save();
    return { ARN: arn, Name: name, VersionId: version };
  };

  const operations: Record<string, (input: unknown) => Promise<Record<string, string>>> = {
    CreateSecret: async (input) => {
      const { Name, SecretString } = createSchema.parse(input);
      if (secrets.has(Name)) throw new SecretsError('ResourceExistsException', `${Name} already exists.`);
      return put(Name, arnOf(Name), SecretString);
    },
    PutSecretValue: async (input) => {
      const { name, arn } = found(input);
      return put(name, arn, createSchema.pick({ SecretString: true }).parse(input).SecretString);
    },
    GetSecretValue: async (input) => {
      const { name, arn, value, version } = found(input);
      return { ARN: arn, Name: name, SecretString: value, VersionId: version };
    },
    DeleteSecret: async (input) => {
      const { name, arn } = found(input);
      secrets.delete(name);
      await save();
      return { ARN: arn, Name: name };
    },
  };

  return {
    perform: (operation, input) => {
      const run = operations[operation];
      if (run === undefined) throw new SecretsError('InvalidRequestException', 'It is not emulated');
      return run(input);
    },
  };
};
