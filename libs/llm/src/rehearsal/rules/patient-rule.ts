import type { Random } from '@qingnang/kernel';
import { findTopic } from '../knowledge/topics.js';
import { GOODBYE, type PatientMaterial } from '../protocol.js';
import { isChinese } from './language.js';

const LABEL = /^(疾病|病情描述|希望获得的帮助|患病多久|已就诊医院及科室|过敏史|既往病史|用药情况|怀孕情况)[：:]?\s*$/u;

/** The case as short statements, without its headings, form dates and greetings to a doctor. */
function statements(medicalCase: string): string[] {
  return medicalCase
    .split(/\n/u)
    .filter((line) => !LABEL.test(line.trim()))
    .flatMap((line) => line.split(/[。！？!?；;]/u))
    .map((part) =>
      part
        .replace(/^[^\n：:]{2,10}[：:]/u, '')
        .replace(/（[^）]*填写）/gu, '')
        .replace(/^.{0,3}(医生|大夫|主任)?[，,]?您?你?好[，,]?/u, '')
        .trim(),
    )
    .filter((part) => part.length >= 2 && !/^(无|没有|不详)$/u.test(part));
}

/** At most `limit` characters, cut at a comma. */
function brief(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit);
  const comma = Math.max(cut.lastIndexOf('，'), cut.lastIndexOf(','), cut.lastIndexOf('、'));
  return comma > 3 ? cut.slice(0, comma) : cut;
}

const asides = [
  '平时要注意什么？',
  '需要做什么检查吗？',
  '饮食上要注意什么？',
  '大概多久能好？',
  '会不会影响工作和生活？',
] as const;

/** The patient's next words: little at first, one more thing of the case each round, then thanks and goodbye. */
export function patientReply(material: PatientMaterial, random: Random): string {
  const own = material.turns.filter((turn) => turn.role === 'patient').length;
  const zh = isChinese(material.case);
  const doctor = material.turns.findLast((turn) => turn.role === 'doctor')?.text ?? '';
  const facts = statements(material.case);
  const done = own >= material.rounds || GOODBYE.test(doctor);
  if (done && !material.endless)
    return zh
      ? random.pick(['好的，我明白了，谢谢医生，再见。', '谢谢您的耐心解答，我回去就照做，再见。'])
      : 'I see, thank you very much, doctor. Goodbye.';
  if (own === 0) {
    const topic = findTopic(material.case);
    const chief = topic?.name ?? brief(facts[0] ?? '身体不舒服', 18);
    if (!zh) return `Hello doctor, ${brief(facts[0] ?? material.case, 60).toLowerCase()}. What should I do?`;
    return (
      random.pick(['医生您好，', '您好医生，', '大夫您好，']) +
      `我${/^我/u.test(chief) ? chief.slice(1) : chief}，${random.pick(['该怎么办？', '是怎么回事？'])}`
    );
  }
  const fact = facts[own];
  if (!zh) return `${fact ? `${brief(fact, 80)}. ` : ''}Is there anything I should watch for?`;
  const question = asides[(own + random.below(2)) % asides.length]!;
  return fact ? `${brief(fact, 40)}。${question}` : random.pick(['明白了。', '好的。']) + question;
}
