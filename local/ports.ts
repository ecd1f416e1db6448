/** A port that is already taken, in words for people. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';

  constructor(what: string, port: number, option: string) {
    super(
      `Port ${port}, for ${what}, is already in use. Stop what uses it, or choose another one with ${option}.`,
    );
  }
}

/** Runs what listens on a port; names the option when the port is taken or forbidden. */
export const listening = async <Result>(
  start: () => Promise<Result>,
  { what, port, option }: { what: string; port: number; option: string },
): Promise<Result> => {
  try {
    return await start();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new PortInUseError(what, port, option);
    throw error;
  }
};
