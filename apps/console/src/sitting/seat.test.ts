import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Seat, type SeatRoom } from './seat';

type Held = { name: string; end: (error?: Error) => void };

/** A browser with as many pages as one likes: one lock a name, those who wait in their order, messages to all others. */
function browser(hasLocks = true): Omit<SeatRoom, 'leaving'> {
  const held: Held[] = [];
  const waiting: { name: string; start: () => void }[] = [];
  const channels: { name: string; onmessage: ((event: MessageEvent) => void) | null }[] = [];
  const release = (it: Held) => {
    held.splice(held.indexOf(it), 1);
    const next = waiting.findIndex(({ name }) => name === it.name);
    if (next >= 0) waiting.splice(next, 1)[0]!.start();
  };
  const request = (name: string, { signal, steal }: LockOptions, callback: () => Promise<void>) =>
    new Promise<void>((resolve, reject) => {
      const start = () => {
        const mine: Held = { name, end: (error) => (release(mine), error ? reject(error) : resolve()) };
        held.push(mine);
        void callback().then(() => held.includes(mine) && mine.end());
      };
      const holder = held.find((each) => each.name === name);
      if (!holder) return start();
      const mine = { name, start };
      if (steal) {
        waiting.unshift(mine);
        return holder.end(new DOMException('stolen', 'AbortError'));
      }
      waiting.push(mine);
      signal?.addEventListener('abort', () => {
        if (waiting.includes(mine)) waiting.splice(waiting.indexOf(mine), 1);
        reject(new DOMException('waited', 'AbortError'));
      });
    });
  return {
    locks: hasLocks ? ({ request } as unknown as SeatRoom['locks']) : undefined,
    channel: (name) => {
      const me: (typeof channels)[number] & { postMessage: (data: unknown) => void; close: () => void } = {
        name,
        onmessage: null,
        close: () => void channels.splice(channels.indexOf(me), 1),
        postMessage: (data) =>
          channels
            .filter((each) => each !== me && each.name === name)
            .forEach((each) => each.onmessage?.({ data } as MessageEvent)),
      };
      channels.push(me);
      return me;
    },
  };
}

const page = (room: Omit<SeatRoom, 'leaving'>, name = 'set', onAsked = async () => {}) => {
  const onGone = vi.fn();
  return { seat: new Seat(name, { onAsked, onGone }, { ...room, leaving: new Map() }), onGone };
};
/** Lets the time pass that a page waits at most. */
const after = async <T>(promise: Promise<T>): Promise<T> => {
  await vi.advanceTimersByTimeAsync(10_000);
  return promise;
};

describe('a seat', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is one page’s for each queue', async () => {
    const room = browser();
    const [one, two, other] = [page(room), page(room), page(room, 'another set')];
    expect(await one.seat.sit()).toBe(true);
    expect(await after(two.seat.sit())).toBe(false);
    expect(await other.seat.sit()).toBe(true);
    one.seat.leave();
    expect(await after(two.seat.sit())).toBe(true);
    expect(one.onGone).not.toHaveBeenCalled();
  });

  it('is handed over once the words are up', async () => {
    const room = browser();
    let arrive = () => {};
    const one = page(room, 'set', () => new Promise((arrived) => (arrive = arrived)));
    const two = page(room);
    await one.seat.sit();
    const taken = vi.fn();
    void two.seat.take().then(taken);
    await vi.advanceTimersByTimeAsync(100);
    expect(taken).not.toHaveBeenCalled();
    arrive();
    await vi.advanceTimersByTimeAsync(0);
    expect(taken).toHaveBeenCalled();
    expect(one.onGone).toHaveBeenCalledTimes(1);
    expect(await after(one.seat.sit())).toBe(false);
  });

  it('is taken from a page that does not answer', async () => {
    const room = browser();
    const one = page(room, 'set', () => new Promise(() => {}));
    const two = page(room);
    await one.seat.sit();
    await after(two.seat.take());
    expect(one.onGone).toHaveBeenCalledTimes(1);
    expect(await two.seat.sit()).toBe(true);
  });

  it('is not sat down on by a page that was left while it waited', async () => {
    const room = browser();
    const [one, two, three] = [page(room), page(room), page(room)];
    await one.seat.sit();
    const waiting = two.seat.sit();
    two.seat.leave();
    one.seat.leave();
    expect(await after(waiting)).toBe(false);
    expect(await three.seat.sit()).toBe(true);
  });

  it('is the last page’s where the browser has no locks', async () => {
    const room = browser(false);
    const [one, two] = [page(room), page(room)];
    expect(await one.seat.sit()).toBe(true);
    expect(await two.seat.sit()).toBe(true);
    expect(one.onGone).toHaveBeenCalledTimes(1);
    await one.seat.take();
    expect(two.onGone).toHaveBeenCalledTimes(1);
  });
});
