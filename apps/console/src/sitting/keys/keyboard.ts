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

/** Commands of a kind of task beside handing in and taking back, which every kind has. */
export interface KeyMap<Command extends string> {
  /** By the letter under Alt; these work while typing. */
  alt: Readonly<Record<string, Command>>;
  /** By the key alone, outside of text fields. */
  plain?: Readonly<Record<string, Command>>;
}

export type SittingCommand = 'submit' | 'undo';

/** While an input method composes, browsers report this code for every key. */
const COMPOSING = 229;

function letterOf({ key, code }: Stroke): string {
  // ⌥R types ® on a Mac: only the key's place tells which letter it is.
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? '';
}

/**
 * The command of a stroke, or null. Commands while typing carry a modifier; keys alone count outside of fields only;
 * nothing counts while an input method composes.
 */
export function commandOf<Command extends string>(
  stroke: Stroke,
  where: { inField: boolean; mac: boolean },
  keys: KeyMap<Command>,
): Command | SittingCommand | null {
  if (stroke.isComposing || stroke.keyCode === COMPOSING) return null;
  const main = where.mac ? stroke.metaKey && !stroke.ctrlKey : stroke.ctrlKey && !stroke.metaKey;
  if (main && !stroke.altKey) {
    if (stroke.key === 'Enter' && !stroke.shiftKey) return 'submit';
    return stroke.shiftKey && letterOf(stroke) === 'z' ? 'undo' : null;
  }
  // AltGr reports Ctrl and Alt together: that is somebody typing a letter.
  if (stroke.ctrlKey || stroke.metaKey) return null;
  if (stroke.altKey) return stroke.shiftKey ? null : (keys.alt[letterOf(stroke)] ?? null);
  return where.inField ? null : (keys.plain?.[stroke.key.toLowerCase()] ?? null);
}

/** How the keys of a command are written on this machine. */
export function keysOf<Command extends string>(
  command: Command | SittingCommand,
  mac: boolean,
  keys: KeyMap<Command>,
): string {
  if (command === 'submit') return mac ? '⌘⏎' : 'Ctrl+⏎';
  if (command === 'undo') return mac ? '⌘⇧Z' : 'Ctrl+Shift+Z';
  const named = (map: Readonly<Record<string, Command>> = {}) =>
    Object.entries(map)
      .find(([, name]) => name === command)?.[0]
      ?.toUpperCase();
  const letter = named(keys.alt);
  if (letter === undefined) return named(keys.plain) ?? '';
  return mac ? `⌥${letter}` : `Alt+${letter}`;
}

export function isMac(platform: string = navigator.platform): boolean {
  return /mac|iphone|ipad/i.test(platform);
}
