import englishMessages from 'ra-language-english';
import { describe, expect, it } from 'vitest';
import { keysOf, type Messages } from './messages';
import { en } from './words-en';
import { zh } from './words-zh';

const keys = (messages: unknown) => keysOf(messages as Messages).sort();
const placeholders = (text: string) => [...new Set(text.match(/%\{\w+\}/g))].sort();

function textAt(tree: unknown, path: string): string {
  return path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], tree) as string;
}

describe('the translations', () => {
  it('have the same sentences in both languages', () => {
    expect(keys(zh)).toEqual(keys(en));
  });

  it('say all of react-admin’s own words in Chinese', () => {
    expect(keys({ ra: zh.ra })).toEqual(keys(englishMessages));
  });

  it('leave no sentence empty', () => {
    const blank = [zh, en].flatMap((messages) => keys(messages).filter((key) => textAt(messages, key) === ''));
    expect(blank).toEqual([]);
  });

  it('fill in the same facts in both languages', () => {
    const differing = keys(zh).filter((key) => {
      // English plurals repeat the sentence, and react-admin counts where Chinese needs no number.
      const [chinese, english] = [placeholders(textAt(zh, key)), placeholders(textAt(en, key))];
      return !key.startsWith('ra.') && chinese.join() !== english.join();
    });
    expect(differing).toEqual([]);
  });

  it('use no exclamation marks', () => {
    const loud = [zh, en].flatMap((messages) => keys(messages).filter((key) => /[!！]/.test(textAt(messages, key))));
    expect(loud.filter((key) => !key.startsWith('ra.'))).toEqual([]);
  });
});
