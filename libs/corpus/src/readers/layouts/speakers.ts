import type { PlainTurn } from '@qingnang/contracts';
import { refusal, RowRefused } from '../cutting/raw-row.js';

type Speaker = Exclude<PlainTurn['role'], 'system'>;

/** Nobody writes these but to mark who speaks. */
const MARKS: Record<Speaker, readonly string[]> = {
  patient: ['问', 'q', 'question', 'user', 'human', '用户', '提问', '提问者'],
  doctor: ['答', 'a', 'answer', 'bot', 'assistant', 'gpt', 'chatgpt', 'huatuogpt', '助手', '回答'],
};
/** A letter to the doctor begins so too, and a case history with whom it is about. */
const NAMES: Record<Speaker, readonly string[]> = {
  patient: ['病人', '患者', '病患', 'patient'],
  doctor: ['医生', '大夫', '医师', 'doctor'],
};

const SPEAKER = new Map<string, Speaker>();
for (const each of [MARKS, NAMES]) {
  for (const role of ['patient', 'doctor'] as const) for (const name of each[role]) SPEAKER.set(name, role);
}
const NAME = [...SPEAKER.keys()].sort((a, b) => b.length - a.length).join('|');
/** `<s>` is nobody's words, and `\n` of two characters is a line break that was written down. */
const LINE_START = String.raw`(?:^|[\n\r]|\\n|<\/?s>)[ \t\u3000]{0,8}`;
const MARK = new RegExp(
  String.raw`${LINE_START}(?:<(${NAME})>\s?[:：]?|[\[【](${NAME})[\]】]\s?[:：]|(${NAME})\s?[:：])|<(${NAME})>\s?[:：]`,
  'giu',
);
const SENTENCE_MARK = /<\/?s>/iu;
const MAY_HOLD = /[:：>]/u;

interface Part {
  role: Speaker;
  text: string;
}

/** A turn, and whether its field held several. */
type Split = PlainTurn & { ofMany?: boolean };

interface Found {
  role: Speaker;
  name: string;
  bracketed: boolean;
  start: number;
  end: number;
}

/**
 * Turns in whose text several speak, each after a mark (`<user>:`, `问：`, `医生：`, at the start of the text, of a line, or
 * after a written `\n`), split into a turn each. Null when nobody is marked. Throws where marks are there but don't alternate, so that
 * never one's words are stored inside another's. `医生：` alone at the start of a letter, or `患者：男，37岁`, is left as it is.
 */
export function splitSpeakers(turns: readonly PlainTurn[]): PlainTurn[] | null {
  const marks = withoutOptions(turns.map((turn) => (turn.role === 'system' ? [] : marksIn(turn.text))));
  const both = new Set(marks.flat().map((mark) => mark.role)).size > 1;
  let changed = false;
  const split: Split[] = [];
  turns.forEach((turn, index) => {
    const parts = turn.role === 'system' ? null : partsOf(turn.text, turn.role, marks[index]!, both);
    changed ||= parts !== null;
    split.push(...(parts?.map((part) => ({ ...part, ofMany: parts.length > 1 })) ?? [turn]));
  });
  if (!changed) return null;
  checkSeams(split);
  return split.map(({ role, text }) => ({ role, text }));
}

function marksIn(text: string): Found[] {
  if (!MAY_HOLD.test(text)) return [];
  return [...text.matchAll(MARK)].map((match) => {
    const name = (match[1] ?? match[2] ?? match[3] ?? match[4])!.toLowerCase();
    return {
      role: SPEAKER.get(name)!,
      name,
      bracketed: match[3] === undefined,
      start: match.index,
      end: match.index + match[0].length,
    };
  });
}

/** `A：` begins an option of a question as often as an answer; only beside `Q：` it is an answer. */
function withoutOptions(marks: readonly Found[][]): Found[][] {
  const names = new Set(marks.flat().map((mark) => mark.name));
  const areOptions = !names.has('q') || !names.has('a');
  return marks.map((found) => found.filter((mark) => !areOptions || (mark.name !== 'q' && mark.name !== 'a')));
}

/** Null where a text has no marks but such as its own speaker may write; then its words stay as they are. */
function partsOf(text: string, role: Speaker, found: readonly Found[], both: boolean): Part[] | null {
  const parts = markedParts(text, role, found, both);
  if (parts === null) {
    if (!MAY_HOLD.test(text) || !SENTENCE_MARK.test(text)) return null;
    return [clean({ role, text: plain(text) })];
  }
  if (parts.some((part, index) => part.role === parts[index - 1]?.role)) throw unclear();
  const last = parts.findLast((part) => part.text !== '');
  const strange = parts.length === 1 ? parts[0]!.role !== role : role === 'doctor' && parts[0]!.role !== role;
  if (strange || (role === 'doctor' && last?.role !== 'doctor')) throw unclear();
  return parts.map(clean);
}

function markedParts(text: string, role: Speaker, found: readonly Found[], both: boolean): Part[] | null {
  if (found.length === 0) return null;
  const lead = plain(text.slice(0, found[0]!.start));
  const bracketed = found.some((mark) => mark.bracketed);
  const certain = bracketed || found.some((mark) => MARKS[mark.role].includes(mark.name));
  const own = found.every((mark) => mark.role === role);
  if (own && !bracketed && (lead !== '' || (!certain && !both))) return null;
  // A letter to the doctor, or an answer to the patient.
  if (!own && lead === '' && found.length === 1 && !certain) return null;
  const parts = found.map((mark, index): Part => ({
    role: mark.role,
    text: plain(text.slice(mark.end, found[index + 1]?.start)),
  }));
  return lead === '' ? parts : [{ role, text: lead }, ...parts];
}

/** Where a text was split, who speaks last in it must not go on in the next one: it would be two answers in one. */
function checkSeams(turns: readonly Split[]): void {
  const said = turns.filter((turn) => turn.text.trim() !== '');
  const doubled = said.some((turn, index) => {
    const before = said[index - 1];
    return before?.role === turn.role && (before.ofMany === true || turn.ofMany === true);
  });
  if (doubled) throw unclear();
}

function clean(part: Part): Part {
  if (SENTENCE_MARK.test(part.text)) throw unclear();
  return part;
}

/** Without marks of a sentence's ends and written line breaks around it. */
function plain(text: string): string {
  let rest = text.trim();
  for (let before = ''; before !== rest;) {
    before = rest;
    for (const mark of ['<s>', '</s>', '\\n']) {
      if (rest.startsWith(mark)) rest = rest.slice(mark.length).trim();
      if (rest.endsWith(mark)) rest = rest.slice(0, -mark.length).trim();
    }
  }
  return rest;
}

function unclear(): RowRefused {
  return new RowRefused(refusal('speakers_unclear', 'speakers_unclear'));
}
