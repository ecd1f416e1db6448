import { openContainer } from '../containers/open.ts';

/** Notices in an FLV when the codec settings change, and keeps nothing of it. */
export class SettingsWatch {
  readonly #parser = openContainer('flv');
  readonly #onCodecChange: (timeMs: number) => void;
  #changed = false;

  /** @param onCodecChange is told when the first frame with the new settings is shown */
  constructor(onCodecChange: (timeMs: number) => void) {
    this.#onCodecChange = onCodecChange;
  }

  /** @throws ContainerError */
  push(chunk: Buffer): void {
    for (const event of this.#parser.push(chunk)) {
      if (event.type === 'changed') this.#changed = true;
      if (event.type !== 'unit') continue;
      // What is collected for the head of a file goes with each new one.
      this.#parser.startFile();
      if (this.#changed) this.#onCodecChange(event.timeMs);
      this.#changed = false;
    }
  }
}
