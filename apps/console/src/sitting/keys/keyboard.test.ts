import { describe, expect, it } from 'vitest';
import { keysOf, reviewKeys } from '../../polish-review/logic/keyboard';
import { commandOf as commandIn, type Stroke } from './keyboard';

const stroke = (changes: Partial<Stroke>): Stroke => ({
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  keyCode: 0,
  ...changes,
});
const commandOf = (pressed: Stroke, where: { inField: boolean; mac: boolean }) => commandIn(pressed, where, reviewKeys);
const typing = { inField: true, mac: false };

describe('the keys of the review screen', () => {
  it('submit by Ctrl+Enter, and by ⌘ on a Mac', () => {
    expect(commandOf(stroke({ key: 'Enter', ctrlKey: true }), typing)).toBe('submit');
    expect(commandOf(stroke({ key: 'Enter', metaKey: true }), { inField: true, mac: true })).toBe('submit');
    expect(commandOf(stroke({ key: 'Enter', ctrlKey: true }), { inField: true, mac: true })).toBeNull();
    expect(commandOf(stroke({ key: 'Enter' }), typing)).toBeNull();
  });

  it('do nothing while an input method composes', () => {
    for (const composing of [{ isComposing: true }, { keyCode: 229 }]) {
      expect(commandOf(stroke({ key: 'Enter', ctrlKey: true, ...composing }), typing)).toBeNull();
      expect(commandOf(stroke({ key: 'r', altKey: true, ...composing }), typing)).toBeNull();
    }
  });

  it('know a letter under Alt by its place where the system types a sign instead', () => {
    expect(commandOf(stroke({ key: '®', code: 'KeyR', altKey: true }), { inField: true, mac: true })).toBe('reject');
    expect(commandOf(stroke({ key: 'j', code: 'KeyC', altKey: true }), typing)).toBe('next_change');
  });

  it('leave AltGr and unknown combinations to the keyboard', () => {
    expect(commandOf(stroke({ key: 'n', code: 'KeyN', altKey: true, ctrlKey: true }), typing)).toBeNull();
    expect(commandOf(stroke({ key: 'z', code: 'KeyZ', ctrlKey: true }), typing)).toBeNull();
    expect(commandOf(stroke({ key: 'q', code: 'KeyQ', altKey: true }), typing)).toBeNull();
  });

  it('take back a submission by Ctrl+Shift+Z and ask for help by ? outside of fields', () => {
    expect(commandOf(stroke({ key: 'Z', code: 'KeyZ', ctrlKey: true, shiftKey: true }), typing)).toBe('undo');
    expect(commandOf(stroke({ key: '?', shiftKey: true }), typing)).toBeNull();
    expect(commandOf(stroke({ key: '?', shiftKey: true }), { inField: false, mac: false })).toBe('help');
  });

  it('are written as the machine writes them', () => {
    expect([keysOf('submit', false), keysOf('reject', false), keysOf('undo', true), keysOf('skip', true)]).toEqual([
      'Ctrl+⏎',
      'Alt+R',
      '⌘⇧Z',
      '⌥S',
    ]);
  });
});
