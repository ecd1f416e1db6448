/** Where a capture that takes over begins in the playlist. */
export interface Beginning {
  /** Of the key frame that the recorder before it has left out; absent: nobody knows. */
  readonly fingerprint?: string;
}

/** The way of a capture into a recording that another recorder still records. */
export interface Arrival {
  /** When the playlist is there to go on with; undefined: it is not to be gone on with here. Never rejects. */
  readonly begins: Promise<Beginning | undefined>;
  /** There are media here: the other recorder may stop. */
  receiving(): void;
}
