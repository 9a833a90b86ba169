import type { Random } from '@qingnang/kernel';
import type { Topic } from '../knowledge/topic.js';
import { topics } from '../knowledge/topics.js';
import type { InstructAnswer, InstructMaterial } from '../protocol.js';

interface Pattern {
  role: (topic: Topic) => string;
  instruction: string;
  input: (topic: Topic) => string;
}

const doctor = (topic: Topic): string => `${topic.department}医生`;
const as = (role: string) => (): string => role;

/** Verbs, tasks and roles vary; `{}` is the complaint. */
const patterns: readonly Pattern[] = [
  { role: doctor, instruction: '用患者听得懂的话解释{}的常见原因。', input: () => '' },
  {
    role: doctor,
    instruction: '根据下面的主诉，列出还需要问患者的三个问题。',
    input: (t) => `患者自述${t.name}，${t.reply}。`,
  },
  {
    role: as('护士'),
    instruction: '为有{}的患者写一份居家护理要点。',
    input: (t) => `患者目前情况：${t.reply}，可能与${t.causes[0]}有关。`,
  },
  {
    role: as('健康管理师'),
    instruction: '为有{}的人安排一周的起居和饮食。',
    input: (t) => `他希望先做到“${t.care[0]}”和“${t.care[1]}”。`,
  },
  {
    role: as('医学编辑'),
    instruction: '把下面的医嘱改写得更亲切易懂。',
    input: (t) => `${t.name}：${t.care[0]}，${t.care[1]}，若${t.warn}请复诊。`,
  },
  {
    role: as('分诊员'),
    instruction: '判断下面的情况应该挂哪个科室，并说明理由。',
    input: (t) => `患者说：“${t.name}，${t.reply}，该看哪个科？”`,
  },
  { role: as('患者家属'), instruction: '家人有{}，询问在家怎样照顾。', input: () => '' },
  { role: as('医学生'), instruction: '总结{}的原因、护理和就诊时机，列成提纲。', input: () => '' },
  {
    role: as('营养师'),
    instruction: '给出适合{}人群的饮食建议，并说明道理。',
    input: (t) => `已知可能的诱因：${t.causes.join('、')}。`,
  },
  { role: as('科普作者'), instruction: '写一段一百字以内的{}科普短文。', input: () => '' },
  {
    role: as('病历录入员'),
    instruction: '从下面的对话中提取主诉和现病史。',
    input: (t) => `医生：${t.ask}？患者：${t.reply}，${t.name}有一阵了。`,
  },
  {
    role: doctor,
    instruction: '患者担心{}会变严重，请安慰并说明何时需要就诊。',
    input: (t) => `患者问：“${t.name}会不会一直好不了？”`,
  },
  {
    role: as('翻译'),
    instruction: '把下面的健康提示译成英文。',
    input: (t) => `${t.name}时请${t.care[0]}，若${t.warn}请及时就诊。`,
  },
  { role: as('社区宣传员'), instruction: '为社区宣传栏拟三条预防{}的标语。', input: () => '' },
];

const english: readonly { role: string; instruction: string; input: string }[] = [
  ...['dry eyes', 'a cold', 'back pain', 'poor sleep', 'heartburn', 'itchy skin', 'a sore throat'].flatMap((name) => [
    { role: 'family doctor', instruction: `Explain the usual causes of ${name} in plain words.`, input: '' },
    {
      role: 'nurse',
      instruction: 'Write home-care advice for this patient.',
      input: `The patient has had ${name} for a week.`,
    },
    {
      role: 'health editor',
      instruction: 'Make this note kinder and easier to read.',
      input: `Note: ${name}, rest, come back if worse.`,
    },
    {
      role: 'receptionist',
      instruction: 'Say which department this patient should go to.',
      input: `"I have had ${name} for some days."`,
    },
  ]),
];

/** Different (role, instruction, input) triplets; of one department or role when one is given. */
export function instructTriplets(material: InstructMaterial, random: Random): InstructAnswer {
  if (material.language === 'en') return { triplets: random.shuffle(english).slice(0, material.count) };
  const own = topics.filter((topic) => topic.department === material.department);
  const pool = own.length > 0 ? own : topics;
  const matching = patterns.filter((pattern) => pattern.role(pool[0]!) === material.role);
  const chosen = matching.length > 0 ? matching : patterns;
  const all = random.shuffle(chosen.flatMap((pattern) => pool.map((topic) => ({ pattern, topic }))));
  const triplets = all.map(({ pattern, topic }) => ({
    role: material.role ?? pattern.role(topic),
    instruction: pattern.instruction.replace('{}', topic.name),
    input: pattern.input(topic),
  }));
  const seen = new Set<string>();
  const different = triplets.filter(({ instruction, input }) => {
    const key = `${instruction}${input}`;
    return !seen.has(key) && seen.add(key);
  });
  return { triplets: different.slice(0, material.count) };
}
