import { z } from 'zod';

/** Names a started trainer, also to another worker after a restart; kept in `run_attempt.handle`. */
export const launchHandle = z.object({
  host: z.string(),
  pid: z.int(),
  /** Start time and boot, so that a later process with the same number is not taken for it. */
  identity: z.string().nullable(),
});
export type LaunchHandle = z.infer<typeof launchHandle>;

/** `exitCode` is null after a signal, or when nobody knows. `output` is what it wrote to standard output. */
export type LaunchProgress = { state: 'running' } | { state: 'ended'; exitCode: number | null; output: string };

/** Where trainers run. `@Inject(LAUNCHER) launcher: Launcher` */
export interface Launcher {
  readonly name: string;
  /** Starts `qingnang-train` with these arguments. */
  start(args: readonly string[]): Promise<LaunchHandle>;
  poll(handle: LaunchHandle): Promise<LaunchProgress>;
  /** `gently`: save a checkpoint, then end. */
  stop(handle: LaunchHandle, how: 'gently' | 'now'): Promise<void>;
}

export const LAUNCHER = Symbol('launcher');
