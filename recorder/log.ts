import { Logger } from '@aws-lambda-powertools/logger';

/** Structured JSON lines on standard output, as the functions write them. Never hand it a URL: it may hold credentials. */
export const createLog = (serviceName = 'recorder') => new Logger({ serviceName });
export type Log = Pick<ReturnType<typeof createLog>, 'debug' | 'info' | 'warn' | 'error'>;
