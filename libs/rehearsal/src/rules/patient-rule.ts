import type { Random } from '@qingnang/kernel';
import { findTopic } from '../knowledge/topics.js';
import { GOODBYE, type PatientMaterial } from '../protocol.js';
import { brief, statements } from './case-statements.js';
import { isChinese } from './language.js';

const asides = [
  '平时要注意什么？',
  '需要做什么检查吗？',
  '饮食上要注意什么？',
  '大概多久能好？',
  '会不会影响生活？',
] as const;
const ASKS = /[？?]$|怎么|怎样|如何|是否|吗|呢$|能不能|什么问题/u;
const OTHERS = /^(我|宝宝|孩子|小孩|婴儿|儿子|女儿|爸|妈|父|母|老人|家人|左|右|双)/u;

/** The opening: a salutation, the complaint in a few words, one question. */
function opening(facts: readonly string[], random: Random): string {
  const chief = brief(findTopic(facts[0] ?? '')?.name ?? facts[0] ?? '身体不舒服', 22).replace(/[？?]$/u, '');
  const who = OTHERS.test(chief) ? '' : '我';
  const asks = ASKS.test(chief) ? '？' : random.pick(['，该怎么办？', '，是怎么回事？']);
  return `${random.pick(['医生您好，', '您好医生，', '大夫您好，'])}${who}${chief}${asks}`;
}

function inEnglish(material: PatientMaterial, own: number, done: boolean): string {
  if (done) return 'I see, thank you very much, doctor. Goodbye.';
  const facts = material.case
    .split(/(?<=[.!?])\s+|\n/u)
    .map((part) => part.trim())
    .filter((part) => part.length > 2);
  const fact = facts[own];
  if (own === 0)
    return `Hello doctor, ${brief(fact ?? material.case, 70)
      .replace(/[.!?]$/u, '')
      .toLowerCase()}. What should I do?`;
  return `${fact ? `${brief(fact, 90).replace(/[.!?]$/u, '')}. ` : ''}Is there anything I should watch for?`;
}

/** The patient's next words: little at first, one more thing of the case each round, then thanks and goodbye. */
export function patientReply(material: PatientMaterial, random: Random): string {
  const own = material.turns.filter((turn) => turn.role === 'patient').length;
  const doctor = material.turns.findLast((turn) => turn.role === 'doctor')?.text ?? '';
  const done = !material.endless && (own >= material.rounds || GOODBYE.test(doctor));
  if (!isChinese(material.case)) return inEnglish(material, own, done);
  if (done) return random.pick(['好的，我明白了，谢谢医生，再见。', '谢谢您的耐心解答，我回去就照做，再见。']);
  const facts = statements(material.case);
  if (own === 0) return opening(facts, random);
  const fact = facts[own] === undefined ? null : brief(facts[own], 40).replace(/^患者/u, '我');
  const question = asides[(own * 2 + random.below(2)) % asides.length]!;
  if (fact === null) return random.pick(['明白了。', '好的，谢谢。', '原来是这样。']) + question;
  if (ASKS.test(fact))
    return `${random.pick(['还想请问，', '另外，'])}${fact.replace(/^(请问|想问|我想请问|不知道?)[，,]?/u, '').replace(/[？?]$/u, '')}？`;
  return `${fact}。${question}`;
}
