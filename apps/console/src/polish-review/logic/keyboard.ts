/** What a key stroke asks for. */
export type ReviewCommand =
  | 'submit'
  | 'reject'
  | 'skip'
  | 'ask_doctor'
  | 'next_change'
  | 'previous_change'
  | 'keep'
  | 'revert'
  | 'polish_again'
  | 'undo'
  | 'help';

export interface Stroke {
  key: string;
  /** The key's place on the keyboard: what `key` says under Alt differs by layout and system. */
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  keyCode: number;
}

/** While an input method composes, browsers report this code for every key. */
const COMPOSING = 229;

const withAlt: Record<string, ReviewCommand> = {
  r: 'reject',
  s: 'skip',
  n: 'ask_doctor',
  j: 'next_change',
  k: 'previous_change',
  y: 'keep',
  z: 'revert',
  p: 'polish_again',
};

function letterOf({ key, code }: Stroke): string {
  // ⌥R types ® on a Mac: only the key's place tells which letter it is.
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? '';
}

/**
 * The command of a stroke, or null. Commands while typing carry a modifier; `?` counts outside of fields only; nothing
 * counts while an input method composes.
 */
export function commandOf(stroke: Stroke, where: { inField: boolean; mac: boolean }): ReviewCommand | null {
  if (stroke.isComposing || stroke.keyCode === COMPOSING) return null;
  const main = where.mac ? stroke.metaKey && !stroke.ctrlKey : stroke.ctrlKey && !stroke.metaKey;
  if (main && !stroke.altKey) {
    if (stroke.key === 'Enter' && !stroke.shiftKey) return 'submit';
    return stroke.shiftKey && letterOf(stroke) === 'z' ? 'undo' : null;
  }
  // AltGr reports Ctrl and Alt together: that is somebody typing a letter.
  if (stroke.ctrlKey || stroke.metaKey) return null;
  if (stroke.altKey) return stroke.shiftKey ? null : (withAlt[letterOf(stroke)] ?? null);
  return stroke.key === '?' && !where.inField ? 'help' : null;
}

/** How the keys of a command are written on this machine. */
export function keysOf(command: ReviewCommand, mac: boolean): string {
  if (command === 'submit') return mac ? '⌘⏎' : 'Ctrl+⏎';
  if (command === 'undo') return mac ? '⌘⇧Z' : 'Ctrl+Shift+Z';
  if (command === 'help') return '?';
  const letter = Object.entries(withAlt)
    .find(([, name]) => name === command)?.[0]
    ?.toUpperCase();
  return mac ? `⌥${letter}` : `Alt+${letter}`;
}

export function isMac(platform: string = navigator.platform): boolean {
  return /mac|iphone|ipad/i.test(platform);
}
