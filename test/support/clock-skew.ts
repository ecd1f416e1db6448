/**
 * Loaded before anything else (`node --import`), it has a process believe that it is some seconds later, or earlier, than it
 * is. What measures how much time passes (`performance.now()`, timers) stays as it is, as with a clock that is set wrong.
 */

const skewMs = Number(process.env.CLOCK_SKEW_SECONDS ?? 0) * 1000;
const RealDate = Date;
const now = (): number => RealDate.now() + skewMs;

globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(now()).toString(),
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
});
