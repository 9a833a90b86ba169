import type { Random } from '@qingnang/kernel';
import type { SpokenTurn } from '@qingnang/llm';
import { findTopic } from '../knowledge/topics.js';
import type { Topic } from '../knowledge/topic.js';
import { GOODBYE, type DoctorMaterial } from '../protocol.js';
import { statements } from './case-statements.js';
import { generalAdvice } from './general-advice.js';
import { isChinese } from './language.js';

const closings = ['祝您早日康复。', '祝您健康。', '欢迎随时再来咨询。'] as const;

const lastOf = (turns: readonly SpokenTurn[], role: SpokenTurn['role']): string =>
  turns.findLast((turn) => turn.role === role)?.text ?? '';

/** How the doctor says what it is; the diagnosis' first statement, if it has one. */
function conclusion(diagnosis: string): string {
  const named = (statements(diagnosis)[0] ?? '').replace(/[？?。，,]+$/u, '');
  if (named === '') return '建议您到医院做进一步检查。';
  return named.length <= 16 ? `根据您的描述，考虑${named}。` : `${named}。`;
}

/** Answers in four degrees of care, drawn by the seed: candidates sampled from it differ, as a real model's do. */
function answerTopic(topic: Topic, random: Random): string {
  const cause = random.pick(topic.causes);
  const [first, second, third] = random.shuffle(topic.care) as [string, string, string];
  const lot = random.next();
  const seek = `若${topic.warn}，请及时到${topic.department}就诊。`;
  if (lot < 0.4)
    return `您好，${topic.name}多与${cause}有关。首先${first}，其次${second}，另外${third}。${seek}${random.pick(closings)}`;
  if (lot < 0.7) return `您好，${topic.name}多与${cause}有关，建议${first}，${second}。${seek}`;
  if (lot < 0.9) return `建议${first}，${second}，${third}。`;
  return `${first}，${second}就行。`;
}

function answerEnglish(question: string, random: Random): string {
  const about = question
    .replace(/\s+/gu, ' ')
    .trim()
    .slice(0, 60)
    .replace(/[.?!].*$/u, '');
  const rest = random.pick(['Rest well and drink enough water', 'Keep regular hours and eat lightly']);
  const lot = random.next();
  if (lot < 0.5)
    return `Hello, thank you for your question about "${about}". First, ${rest.toLowerCase()}. Second, write down when it happens and how strong it is. Please see a doctor if it gets worse. Take care.`;
  return lot < 0.8 ? `Hello. ${rest}. Please see a doctor if it gets worse.` : `${rest}.`;
}

/** Two-role dialogues: ask, then tell the diagnosis, then further advice, then goodbye. */
function consult({ turns, diagnosis }: DoctorMaterial, random: Random): string {
  const patients = turns.filter((turn) => turn.role === 'patient');
  const said = patients.map((turn) => turn.text).join('\n');
  const zh = isChinese(said);
  const latest = patients.at(-1)?.text ?? '';
  if (GOODBYE.test(latest)) return zh ? '不客气，祝您早日康复，再见。' : 'You are welcome. Get well soon, goodbye.';
  const topic = findTopic(patients[0]?.text ?? '') ?? findTopic(`${(diagnosis ?? '').slice(0, 30)}`);
  if (patients.length === 1) {
    if (!zh) return 'Hello, I understand your concern. How long have you had it, and does anything make it worse?';
    const howLong = topic && /几天|多久|几周/u.test(topic.ask) ? '' : '这种情况持续多久了？';
    return `您好，理解您的心情。请问${topic ? `${topic.ask}？${howLong}` : '这种情况持续多久了？做过哪些检查？'}`;
  }
  if (patients.length === 2) {
    if (!zh)
      return `Thank you. ${(diagnosis ?? '').split('\n')[0]!.replace(/[.]$/u, '')}. Please rest and follow up with your doctor.`;
    const advice = topic
      ? `首先${topic.care[0]}，其次${topic.care[1]}，另外${topic.care[2]}。`
      : random.pick(['平时请注意休息，清淡饮食，并按时复查。', '请保持规律作息，避免劳累，定期复查。']);
    return `谢谢您的补充。${conclusion(diagnosis ?? '')}${advice}`;
  }
  if (!zh)
    return random.pick([
      'Please keep to regular hours and eat lightly.',
      'Write down how it changes; that helps your doctor.',
    ]);
  const more = topic
    ? `平时还请${topic.care[3] ?? topic.care[0]}；若${topic.warn}，请及时就诊。`
    : random.pick(['平时还请保持规律作息；若症状加重，请及时就诊。', '请记下症状的变化，复查时告诉医生。']);
  return random.pick(['好的，', '可以理解，', '您问得很仔细，']) + more;
}

/** The doctor's next reply. */
export function doctorReply(material: DoctorMaterial, random: Random): string {
  if (material.diagnosis) return consult(material, random);
  const latest = lastOf(material.turns, 'patient');
  const said = material.turns.filter((turn) => turn.role === 'patient').map((turn) => turn.text);
  if (!isChinese(latest || said.join(''))) return answerEnglish(latest, random);
  if (GOODBYE.test(latest)) return '不客气，祝您早日康复，再见。';
  const topic = findTopic(latest, material.department) ?? findTopic(said.join('\n'), material.department);
  return topic ? answerTopic(topic, random) : generalAdvice(latest, random);
}
