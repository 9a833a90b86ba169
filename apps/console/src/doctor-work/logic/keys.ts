import type { KeyMap } from '../../sitting/keys/keyboard';

/** Beside handing in and taking back. */
export const doctorKeys: KeyMap<'skip'> = { alt: { s: 'skip' } };

/** With letters of their own outside of text fields. */
export function lettered<Letter extends string>(letters: readonly Letter[]): KeyMap<'skip' | Letter> {
  return { ...doctorKeys, plain: Object.fromEntries(letters.map((letter) => [letter.toLowerCase(), letter])) };
}
