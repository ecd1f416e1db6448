/**
 * What Node is started with for a recorder, in the image and locally. Most of a recorder's garbage is socket buffers,
 * which V8's young generation hardly counts: by default it lets 16 MB of small objects pile up, and with them more
 * than a hundred megabytes of buffers. A small young generation is collected often and cheaply.
 */
export const NODE_FLAGS = ['--max-semi-space-size=1'] as const;
