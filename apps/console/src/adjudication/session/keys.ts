import type { KeyMap, SittingCommand } from '../../sitting/keys/keyboard';

export type DeskCommand =
  | SittingCommand
  | 'reject'
  | 'return'
  | 'hand_on'
  | 'skip'
  | 'next_change'
  | 'previous_change'
  | 'keep'
  | 'revert'
  | 'use_a'
  | 'use_b'
  | 'use_c';

export const deskKeys: KeyMap<Exclude<DeskCommand, SittingCommand>> = {
  alt: {
    r: 'reject',
    t: 'return',
    n: 'hand_on',
    s: 'skip',
    j: 'next_change',
    k: 'previous_change',
    y: 'keep',
    z: 'revert',
    a: 'use_a',
    b: 'use_b',
    c: 'use_c',
  },
};

/** Answers have a key each as far as there are letters that nothing else needs. */
export const useCommands = ['use_a', 'use_b', 'use_c'] as const;
