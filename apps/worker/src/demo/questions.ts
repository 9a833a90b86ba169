import type { Random } from '@qingnang/kernel';
import type { Department, Topic } from '@qingnang/rehearsal';

/** Five of the reference system's ten intents, those a short answer can serve. */
export const demoIntents = ['病因分析', '治疗方案', '注意事项', '就医建议', '病情诊断'] as const;
export type DemoIntent = (typeof demoIntents)[number];

const templates: Record<DemoIntent, readonly string[]> = {
  病因分析: ['{}是什么原因？', '{}，怎么回事？', '请问{}和什么有关？'],
  治疗方案: ['{}怎么办？', '{}怎么缓解？', '{}该怎么处理？'],
  注意事项: ['{}要注意什么？', '{}平时怎么护理？', '{}有哪些要注意的？'],
  就医建议: ['{}要去医院吗？', '{}挂什么科？', '{}要看医生吗？'],
  病情诊断: ['{}，严重吗？', '{}，要紧吗？', '{}，这正常吗？'],
};

const women: readonly Department[] = ['妇科', '妇产科', '产科'];

function people(topic: Topic): readonly string[] {
  if (topic.department === '儿科') return [''];
  if (women.includes(topic.department)) return ['', '我', '姐姐', '妹妹', '爱人'];
  if (topic.department === '男科') return ['', '我', '爸爸', '哥哥', '爱人'];
  if (topic.name.startsWith('乳房')) return ['', '我', '姐姐', '妈妈'];
  return ['', '我', '妈妈', '爸爸', '家里老人', '朋友'];
}

const times = ['', '', '最近', '这几天', '这两周'] as const;

/** Who has it, since when, and what it is: 妈妈最近失眠. */
export function complaint(topic: Topic, random: Random): string {
  return random.pick(people(topic)) + random.pick(times) + topic.name;
}

/** One patient's question of that intent; short, as titles on consultation sites are. */
export function askAbout(topic: Topic, intent: DemoIntent, random: Random): string {
  return random.pick(templates[intent]).replace('{}', complaint(topic, random));
}
