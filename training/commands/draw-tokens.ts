import type { TokenView } from './token-view.js';

/** Tokens of a text that is too long are drawn up to here, the others counted. */
const MOST = 400;

/**
 * A text for a terminal: tokens divided by bars, and under each that the loss counts a line, broken into lines of `width`
 * columns. Chinese characters take two. Tokens that are parts of a character stand as the characters they make and their
 * number, `位×3`.
 */
export function drawTokens({ row, part, fate, removed, tokens }: TokenView, width: number): string {
  const learnt = tokens.filter((token) => token.learnt).length;
  const lines = [`${row} (${part}, ${tokens.length} tokens, ${learnt} learnt${fate === 'whole' ? '' : `, ${fate}`})`];
  const drawn = fate === 'whole' || fate === 'cut' ? tokens : tokens.slice(0, MOST);
  let texts = '  |';
  let marks = '   ';
  for (const token of joined(drawn)) {
    const text = visible(token.text);
    if (columns(texts) + columns(text) + 1 > width && texts !== '  |') {
      lines.push(texts, marks.trimEnd());
      texts = '  |';
      marks = '   ';
    }
    texts += `${text}|`;
    marks += (token.learnt ? '‾' : ' ').repeat(columns(text)) + ' ';
  }
  if (drawn.length > 0) lines.push(texts, marks.trimEnd());
  if (drawn.length < tokens.length) lines.push(`  … and ${tokens.length - drawn.length} more`);
  if (removed !== null) lines.push(`  cut off: ${visible(removed)}`);
  return lines.filter((line) => line !== '').join('\n') + '\n';
}

type Token = Pick<TokenView['tokens'][number], 'text' | 'learnt'>;

function joined(tokens: readonly Token[]): Token[] {
  const cells: Token[] = [];
  for (let at = 0; at < tokens.length;) {
    const { text, count } = charactersAt(tokens, at);
    const { learnt } = tokens[at]!;
    cells.push(count === 1 ? tokens[at]! : { text: `${text}×${count}`, learnt });
    at += count;
  }
  return cells;
}

/** The fewest tokens from here on, alike in being learnt, whose bytes are whole characters; one where none are. */
function charactersAt(tokens: readonly Token[], at: number): { text: string; count: number } {
  const bytes: number[] = [];
  for (let n = 0; n < 12; n++) {
    const token = tokens[at + n];
    const part = /^<((?:[0-9A-F]{2} ?)+)>$/.exec(token?.text ?? '');
    if (!part || token!.learnt !== tokens[at]!.learnt) break;
    bytes.push(...part[1]!.split(' ').map((byte) => Number.parseInt(byte, 16)));
    const text = Buffer.from(bytes).toString();
    if (!text.includes('\uFFFD')) return { text, count: n + 1 };
  }
  return { text: '', count: 1 };
}

/** White space and control characters as something to see. */
function visible(text: string): string {
  return text
    .replaceAll(' ', '␣')
    .replaceAll('\n', '⏎')
    .replaceAll('\t', '⇥')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]/u;

/** Columns a terminal gives a text, by the wide and full-width characters of UAX #11. */
function columns(text: string): number {
  let sum = 0;
  for (const character of text) {
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) continue;
    sum += WIDE.test(character) ? 2 : 1;
  }
  return sum;
}
