import { createRandom, sha256, type Random } from '@qingnang/kernel';
import { isChinese } from './language.js';

export interface PolishTurn {
  n: number;
  role: string;
  text: string;
}

interface Wording {
  greets: RegExp;
  greetings: readonly string[];
  openings: readonly string[];
  /** In the order of use; the last is for the last sentence. */
  steps: readonly string[];
  closings: readonly string[];
  longClosings: readonly string[];
  cares: RegExp;
}

const chinese: Wording = {
  greets: /^\s*[“"]?(您好|你好|你们好|您们好|早上好|下午好|晚上好|亲|朋友)/u,
  greetings: ['您好，'],
  openings: ['您好，感谢您的咨询。', '您好，理解您的心情。', '您好，您描述的情况我已了解。'],
  steps: ['首先，', '其次，', '另外，', '同时，', '最后，'],
  closings: ['祝您早日康复。', '祝您健康。'],
  longClosings: ['希望对您有帮助，祝您早日康复。', '欢迎随时再来咨询，祝您健康。'],
  cares: /(祝|希望.{0,8}帮助|早日康复|再见|满意)/u,
};

const english: Wording = {
  greets: /^\s*(hello|hi|dear|good (morning|afternoon|evening)|thank)/iu,
  greetings: ['Hello. '],
  openings: ['Hello, thank you for your question. ', 'Hello, I understand your concern. '],
  steps: ['First: ', 'Second: ', 'Also: ', 'Further: ', 'Finally: '],
  closings: [' Take care.', ' Get well soon.'],
  longClosings: [' Happy to help with further questions. Take care.', ' I hope this is of use to you. Get well soon.'],
  cares: /(take care|get well|best wishes|regards|hope this|wish you)/iu,
};

/** Sentences with their own end marks and what follows them; joined again they are the text. */
function sentences(text: string, zh: boolean): string[] {
  const end = zh ? /[^。！？!?；;\n]*(?:[。！？!?；;\n]+|$)/gu : /.*?(?:[.!?](?=\s|$)\s*|\n+|$)/gsu;
  return (text.match(end) ?? []).filter((sentence) => sentence !== '');
}

const alreadyOrdered = /(首先|其次|第一|第二|最后|另外|^\s*[（(]?\d+\s*[、.．)）]|\bfirst\b|\bsecond)/imu;
const SHORT_ZH = 40;
const SHORT_EN = 90;

/** An order word before each statement, when there are three or more of them and no order yet. Questions stay bare. */
function withOrder(parts: readonly string[], wording: Wording, whole: string): string[] {
  const statements = parts.filter((part) => !/[？?]/u.test(part) && /[\p{L}\p{N}]/u.test(part));
  if (statements.length < 3 || statements.length > wording.steps.length || alreadyOrdered.test(whole))
    return [...parts];
  let step = 0;
  return parts.map((part) => {
    if (!statements.includes(part)) return part;
    step += 1;
    const last = step === statements.length;
    return wording.steps[last ? wording.steps.length - 1 : step - 1]! + part.trimStart();
  });
}

const imperative =
  /^(多(喝|吃|休|运|饮|锻|注意|晒|补)|少(喝|吃|食)|注意|避免|保持|继续|按时|定期|及时|尽量|尽快|适当|清淡|观察|休息)/u;

/** Chinese courtesy inside the text: 您 for 你, 请 before a bare command at its start. */
function kinder(text: string): string {
  const polite = text.replace(/你(?!们)/gu, '您');
  return imperative.test(polite) && !polite.startsWith('建议') ? `建议您${polite}` : polite;
}

const endMark = /[。！？!?；;….～~）)\]】]\s*$/u;

/**
 * Rewrites one reply of a doctor: greeting, order, courtesy, closing. Every clause of the original stays as it is
 * (你 becomes 您), and what is added holds no number, unit, drug, disease, negation or hedge. An empty text stays empty.
 */
function polishReply(text: string, place: { first: boolean; last: boolean }, random: Random): string {
  const original = text.trim();
  if (!/[\p{L}\p{N}]/u.test(original)) return text;
  const zh = isChinese(original);
  const wording = zh ? chinese : english;
  const short = original.length <= (zh ? SHORT_ZH : SHORT_EN);
  const greets = wording.greets.test(original);
  const ordered = withOrder(sentences(original, zh), wording, original).join('');
  let body = zh && !greets ? kinder(ordered) : zh ? ordered.replace(/你(?!们)/gu, '您') : ordered;
  if (!endMark.test(body)) body += zh ? '。' : '.';
  if (!zh && /^[a-z]/u.test(body)) body = body[0]!.toUpperCase() + body.slice(1);
  const opening = place.first && !greets ? random.pick(short ? wording.greetings : wording.openings) : '';
  const closes = place.last && !wording.cares.test(original) && !/[？?]\s*$/u.test(original);
  return opening + body + (closes ? random.pick(short ? wording.closings : wording.longClosings) : '');
}

/** Polishes the doctor's turns of a dialogue; patients' turns are not answered for. */
export function polishTurns(turns: readonly PolishTurn[], seed: number): { n: number; text: string }[] {
  const doctors = turns.filter((turn) => turn.role === 'doctor');
  const random = createRandom(Number.parseInt(sha256(`${seed}:${JSON.stringify(turns)}`).slice(0, 8), 16));
  return doctors.map((turn, i) => ({
    n: turn.n,
    text: polishReply(turn.text, { first: i === 0, last: i === doctors.length - 1 }, random),
  }));
}
