import type { Readable } from 'node:stream';

/** What an RTMP server says when it has taken a reader in. Whatever is published from then on reaches that reader. */
const ACCEPTED = 'NetStream.Play.Start';

// The handshake is 3 KB and the answers a few hundred bytes each. What comes behind them are media, which nobody sends
// to a reader that was not taken in.
const MOST_ANSWER_BYTES = 16 * 1024;

/**
 * Calls back once, when the RTMP server that `source` is read from has accepted the reader. Looks for the words only,
 * without parsing, and no longer than until then. `source` must be flowing to the reader already.
 */
export const whenPlayAccepted = (source: Readable, onAccepted: () => void): void => {
  let seenBytes = 0;
  let end = '';
  const look = (chunk: Buffer): void => {
    seenBytes += chunk.length;
    const text = end + chunk.toString('latin1');
    // The words may be cut in two by the network.
    end = text.slice(1 - ACCEPTED.length);
    if (!text.includes(ACCEPTED) && seenBytes <= MOST_ANSWER_BYTES) return;
    source.off('data', look);
    onAccepted();
  };
  source.on('data', look);
};
