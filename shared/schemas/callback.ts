import * as z from 'zod';
import { isCallbackSecret } from '../callbacks/secrets.ts';
import { domainNameSchema, timeSchema } from './names.ts';

/** What a callback can be told of. */
export const CALLBACK_EVENTS = [
  'recording.started',
  'recording.paused',
  'recording.resumed',
  'recording.ended',
  'recording.failed',
  'file.ready',
  'file.moved',
  'post-processing.finished',
  'post-processing.failed',
] as const;
export const callbackEventSchema = z.enum(CALLBACK_EVENTS).meta({ id: 'CallbackEvent' });
export type CallbackEvent = z.infer<typeof callbackEventSchema>;

/** Most callbacks of a deployment: all of them are looked at for each event. */
export const MOST_CALLBACKS = 50;

const urlProblem = (text: string): string | undefined => {
  // Parsing would silently drop blanks and line ends.
  const url = /^https?:\/\/[\x21-\x7e]+$/i.test(text) ? URL.parse(text) : null;
  if (url === null) return 'must be a URL in ASCII, such as https://hooks.example.com/streamkeep';
  if (url.username !== '' || url.password !== '') {
    return 'must not hold a user or a password, as lists show it; verify the signature instead';
  }
  return url.hash === '' ? undefined : 'must not hold a fragment, as that is never sent';
};

/** Whether its address is allowed too, the operator's settings decide. */
export const callbackUrlSchema = z
  .string()
  .max(2048)
  .superRefine((url, context) => {
    const problem = urlProblem(url);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

const isUnique = (items: readonly unknown[]): boolean => new Set(items).size === items.length;

export const callbackInputSchema = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 letters, digits, _ or -'),
    url: callbackUrlSchema,
    /** Absent: all. */
    events: z
      .array(callbackEventSchema)
      .min(1)
      .refine(isUnique, 'must not name an event twice')
      .optional()
      .meta({ description: 'Events that are sent; absent: all.' }),
    /** Push domains whose recordings are told of; absent: all. */
    domains: z
      .array(domainNameSchema)
      .min(1)
      .max(100)
      .refine(isUnique, 'must not name a domain twice')
      .optional()
      .meta({ description: 'Push domains whose recordings are told of; absent: all.' }),
    enabled: z.boolean().default(true),
    secret: z
      .string()
      .max(128)
      .refine(isCallbackSecret, 'must be whsec_ and the base64 of 24–64 bytes')
      .optional()
      .meta({ description: 'What deliveries are signed with. Made for you when absent.' }),
  })
  .meta({ id: 'CallbackInput' });
export type CallbackInput = z.infer<typeof callbackInputSchema>;

export const callbackSchema = callbackInputSchema.extend({
  callbackId: z.string(),
  secret: z.string(),
  /** Earlier ones that still sign beside it, newest first. */
  previousSecrets: z.array(z.object({ secret: z.string(), until: timeSchema })),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Callback = z.infer<typeof callbackSchema>;

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;
export const deliveryStateSchema = z.enum(DELIVERY_STATES);
export type DeliveryState = z.infer<typeof deliveryStateSchema>;

/** One request to the target, and what came of it: `status` and what belongs to it, or `error`. */
export const attemptSchema = z.object({
  at: timeSchema,
  durationMs: z.number().int(),
  url: z.string(),
  /** The `webhook-signature` header; its timestamp is `at` in seconds. */
  signature: z.string(),
  status: z.number().int().optional(),
  contentType: z.string().optional(),
  /** How the answer's body begins. */
  answer: z.string().optional(),
  /** Why there was no answer, in plain words. */
  error: z.string().optional(),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** One event on its way to one callback. */
export const deliverySchema = z.object({
  deliveryId: z.string(),
  callbackId: z.string(),
  /** The `webhook-id` header: the same at every attempt, and for every callback. */
  eventId: z.string(),
  type: z.string(),
  recordId: z.string().optional(),
  /** Exactly as it is sent and signed. */
  body: z.string(),
  state: deliveryStateSchema,
  createdAt: timeSchema,
  /** When it was made, or last sent again on demand. */
  queuedAt: timeSchema,
  /** While pending: when it is to be tried next. */
  dueAt: timeSchema.optional(),
  /** Tries begun, ever. A job for another number of tries is void. */
  tries: z.number().int(),
  /** Of those, how many were before `queuedAt`. */
  earlierTries: z.number().int(),
  /** Nobody else may try it until then, and who does. */
  leasedUntil: timeSchema.optional(),
  claimId: z.string().optional(),
  /** The newest ones. */
  attempts: z.array(attemptSchema),
  /** Why it failed in the end, in plain words. */
  failure: z.string().optional(),
});
export type Delivery = z.infer<typeof deliverySchema>;
