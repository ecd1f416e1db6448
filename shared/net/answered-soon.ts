/**
 * For the SDK's clients of services that answer in milliseconds: a connection that has died without a word is given up,
 * and the request made again, before a lease of eight seconds is over. Without it the SDK waits for as long as TCP does.
 */
export const ANSWERED_SOON = {
  connectionTimeout: 1000,
  requestTimeout: 4000,
  throwOnRequestTimeout: true,
} as const;
