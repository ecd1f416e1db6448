import { TICKS_PER_SECOND } from '../containers/ts/pes.ts';
import { TsReader, type TsUnit } from '../containers/ts/reader.ts';

/** Notices in MPEG-TS when the codec settings change, and keeps nothing of it. */
export class TsSettingsWatch {
  readonly #reader = new TsReader();
  readonly #onCodecChange: (timeMs: number) => void;
  #unit: TsUnit | undefined;

  /** @param onCodecChange is told when the first frame with the new settings is shown */
  constructor(onCodecChange: (timeMs: number) => void) {
    this.#onCodecChange = onCodecChange;
  }

  /** @throws ContainerError */
  push(chunk: Buffer): void {
    for (const event of this.#reader.push(chunk)) {
      if (event.type === 'unit') this.#unit = event;
      else if (event.type === 'changed' && this.#unit !== undefined)
        this.#onCodecChange((this.#unit.pts * 1000) / TICKS_PER_SECOND);
    }
  }
}
