import { keysOf as keysIn, type KeyMap, type SittingCommand } from '../../sitting/keys/keyboard';

/** What a key stroke asks for. */
export type ReviewCommand =
  | SittingCommand
  | 'reject'
  | 'skip'
  | 'ask_doctor'
  | 'next_change'
  | 'previous_change'
  | 'keep'
  | 'revert'
  | 'polish_again'
  | 'help';

export const reviewKeys: KeyMap<Exclude<ReviewCommand, SittingCommand>> = {
  alt: {
    r: 'reject',
    s: 'skip',
    n: 'ask_doctor',
    j: 'next_change',
    k: 'previous_change',
    y: 'keep',
    z: 'revert',
    p: 'polish_again',
  },
  plain: { '?': 'help' },
};

/** How the keys of a command are written on this machine. */
export const keysOf = (command: ReviewCommand, mac: boolean): string => keysIn(command, mac, reviewKeys);
