import { loadSettings } from '@qingnang/config';
import { Supervisor } from '../supervisor/supervisor.js';

/** Runs until it is told to stop; see `Supervisor`. */
export async function run(): Promise<void> {
  // Whatever this or a child writes is for this account alone.
  process.umask(0o077);
  const supervisor = new Supervisor({ settings: loadSettings(), say: (line) => process.stdout.write(`${line}\n`) });
  const stop = whenAskedToStop(supervisor);
  try {
    const { address, firstLogin } = await supervisor.start();
    const signIn = firstLogin
      ? `first sign-in: ${firstLogin.login} / ${firstLogin.password}   (kept in ${firstLogin.file})\n`
      : '';
    process.stdout.write(`\nQingnang is ready: ${address}\n${signIn}Ctrl-C stops it.\n`);
    process.send?.({ ready: true, address });
    await stop.done;
  } catch (error) {
    // Stopped while starting: that is no failure.
    if (!stop.asked) throw error;
    await stop.done;
  } finally {
    closeChannel();
  }
  process.stdout.write('stopped\n');
}

/** With its listener, the channel to a parent would keep this process alive. */
function closeChannel(): void {
  process.removeAllListeners('disconnect');
  if (process.connected) process.disconnect();
}

/** npm passes a Ctrl-C on that the terminal has already sent to everybody: one wish, two signals. */
const SAME_WISH_MS = 1_000;

function whenAskedToStop(supervisor: Supervisor): { asked: boolean; done: Promise<void> } {
  const state = { asked: false, done: Promise.resolve() };
  let askedAt = 0;
  state.done = new Promise((resolve, reject) => {
    const stop = (): void => {
      if (state.asked) {
        if (Date.now() - askedAt > SAME_WISH_MS) supervisor.kill();
        return;
      }
      state.asked = true;
      askedAt = Date.now();
      process.stdout.write('\nstopping; once more to stop at once\n');
      supervisor.stop().then(resolve, reject);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
    // Started by another program, which is gone.
    if (process.connected) process.on('disconnect', stop);
  });
  return state;
}
