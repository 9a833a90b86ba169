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
  greets: /^\s*[“"]?(您好|你好|你们好|您们好|早上好|下午好|晚上好|亲|朋友)(?:[，,！!。.、~～？?\s]+|(?=\p{L})|$)/u,
  greetings: ['您好，'],
  openings: ['您好，感谢您的咨询。', '您好，理解您的心情。', '您好，您描述的情况我已了解。'],
  steps: ['首先，', '其次，', '另外，', '同时，', '最后，'],
  closings: ['祝您早日康复。', '祝您健康。'],
  longClosings: ['希望对您有帮助，祝您早日康复。', '欢迎随时再来咨询，祝您健康。'],
  cares: /(祝|[希期]望.{0,14}[帮协]助|早日康复|再见|满意|谢谢|感谢)/u,
};

const english: Wording = {
  greets: /^\s*(hello|hi|dear|good (morning|afternoon|evening)|thank)\b[^.!\n]{0,24}[,.!\n]\s*/iu,
  greetings: ['Hello. '],
  openings: ['Hello, thank you for your question. ', 'Hello, I understand your concern. '],
  steps: ['First: ', 'Second: ', 'Also: ', 'Further: ', 'Finally: '],
  closings: [' Take care.', ' Get well soon.'],
  longClosings: [' Happy to help with further questions. Take care.', ' I hope this is of use to you. Get well soon.'],
  cares: /(take care|get well|best wishes|regards|hope this|wish you|thank)/iu,
};

/** Sentences with their own end marks and what follows them; joined again they are the text. */
function sentences(text: string, zh: boolean): string[] {
  const end = zh ? /[^。！？!?；;\n]*(?:[。！？!?；;\n]+|$)/gu : /.*?(?:[.!?](?=\s|$)\s*|\n+|$)/gsu;
  return (text.match(end) ?? []).filter((sentence) => sentence !== '');
}

const alreadyOrdered = /(首先|其次|第一|第二|最后|另外|^\s*[（(]?\d+\s*[、.．)）]|\bfirst\b|\bsecond)/imu;
/** Sentences that say themselves how they follow. */
const connected =
  /^\s*(除此|除了|与此|同时|此外|而且|并且|但|不过|然而|因此|所以|因为|由于|总之|以上|这样|当然|however|but|so|because|also)/iu;
const SHORT_ZH = 40;
const SHORT_EN = 90;

/** An order word before each statement, when there are three or more of them and no order yet. Questions stay bare. */
function withOrder(parts: readonly string[], wording: Wording, whole: string): string[] {
  const statements = parts.filter(
    (part) => !/[？?]/u.test(part) && !wording.cares.test(part) && /[\p{L}\p{N}]/u.test(part),
  );
  if (statements.length < 3 || statements.length > wording.steps.length || alreadyOrdered.test(whole))
    return [...parts];
  let step = 0;
  return parts.map((part) => {
    if (!statements.includes(part)) return part;
    step += 1;
    const last = step === statements.length;
    if (connected.test(part)) return part;
    return wording.steps[last ? wording.steps.length - 1 : step - 1]! + part.trimStart();
  });
}

const imperative =
  /^(多(喝|吃|休|运|饮|锻|注意|晒|补)|少(喝|吃|食)|注意|避免|保持|继续|按时|定期|及时|尽量|尽快|适当|清淡|观察|休息)/u;

const endMark = /[。！？!?；;….～~）)\]】]\s*$/u;

/** 您 for 你, save behind a negation, where the word next to it belongs to what is denied. */
const polite = (text: string): string => text.replace(/(?<![不没未别勿无]\p{Script=Han}{0,4})你(?!们|好[？?])/gu, '您');

const capital = (text: string): string => text.replace(/^[a-z]/u, (letter) => letter.toUpperCase());

/** A bare command at the start becomes a piece of advice. */
const softened = (text: string): string => (imperative.test(text) ? `建议您${text}` : text);

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
  const greeting = wording.greets.exec(original)?.[0] ?? '';
  const rest = original.slice(greeting.length);
  if (rest === '') return zh ? polite(original) : original;
  const ordered = withOrder(sentences(rest, zh), wording, rest).join('');
  let body = zh ? polite(softened(ordered)) : /,\s*$/u.test(greeting) ? ordered : capital(ordered);
  if (!endMark.test(body)) body += zh ? '。' : '.';
  const added = place.first && greeting === '' ? random.pick(short ? wording.greetings : wording.openings) : '';
  const closes = place.last && !wording.cares.test(rest.slice(-60)) && !/[？?]\s*$/u.test(rest);
  const closing = closes ? random.pick(short ? wording.closings : wording.longClosings) : '';
  return added + (zh ? polite(greeting) : capital(greeting)) + body + closing;
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
