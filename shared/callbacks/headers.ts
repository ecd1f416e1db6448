/** Seconds since 1970 of a time, as `webhook-timestamp` has them. */
export const timestampOf = (at: string): number => Math.floor(Date.parse(at) / 1000);

/** Headers of a request to the target of a callback. */
export const deliveryHeaders = (
  eventId: string,
  { at, signature }: { readonly at: string; readonly signature: string },
): Record<string, string> => ({
  'content-type': 'application/json',
  'user-agent': 'Streamkeep',
  'webhook-id': eventId,
  'webhook-timestamp': String(timestampOf(at)),
  'webhook-signature': signature,
});
