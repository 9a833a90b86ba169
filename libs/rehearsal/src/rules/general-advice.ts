import type { Random } from '@qingnang/kernel';
import { classify } from './classify-rule.js';
import { statements } from './case-statements.js';

const closings = ['祝您早日康复。', '祝您健康。', '欢迎随时再来咨询。'] as const;

/** What can be said to any question of an intent; `{}` is the department. */
const advice: Readonly<Record<string, readonly [string, string, string]>> = {
  功效作用: ['它的作用因体质和用法而不同', '请按说明书或医生的嘱咐使用', '使用中感到不适请停用并咨询医生'],
  医疗费用: ['费用与医院等级和检查项目有关', '可以先向医院的收费处咨询', '报销比例请以当地规定为准'],
  指标解读: ['单项指标要结合症状和其他检查来看', '请按时复查，对比前后的变化', '带上报告请医生当面判断'],
  后果表述: ['影响的大小要看持续的时间和轻重', '规律作息、清淡饮食有助于恢复', '定期复查能早些发现变化'],
  疾病表述: ['各人的表现有轻有重', '请留意症状出现的时间和变化', '要请{}医生检查后才能确定'],
  就医建议: ['可以到{}就诊', '就诊时请带上以往的检查结果', '把症状出现的时间告诉医生'],
  治疗方案: ['具体方案要由{}医生检查后决定', '平时注意休息，清淡饮食', '请按时复查，听从医生的安排'],
  注意事项: ['平时注意休息，避免劳累', '清淡饮食，少吃辛辣', '按时复查，有变化及时告诉医生'],
  病因分析: ['原因可能有多种，与生活习惯和体质都有关', '请先回想近期的饮食和作息', '到{}检查后才能确定'],
  病情诊断: ['单凭描述还不能下结论', '请留意症状的轻重和变化', '建议到{}检查一下'],
};

/** The question's own words if they are few, else a word for them. */
function subject(question: string): string {
  const first = (statements(question)[0] ?? '').replace(/^(请问|医生|大夫)[，,]?/u, '').replace(/[，,？?！!].*$/u, '');
  return first.length >= 3 && first.length <= 20 ? `“${first}”` : '您说的情况';
}

/** An answer for a question about no listed complaint: by intent, in degrees of care drawn by the seed. */
export function generalAdvice(question: string, random: Random): string {
  const { department, intent } = classify(question, '');
  const [first, second, third] = advice[intent]!.map((piece) => piece.replace('{}', department)) as [
    string,
    string,
    string,
  ];
  const lot = random.next();
  if (lot < 0.4)
    return `您好，关于${subject(question)}，首先，${first}；其次，${second}；另外，${third}。${random.pick(closings)}`;
  if (lot < 0.7) return `您好，${first}，${random.pick([second, third])}。${random.pick(closings)}`;
  if (lot < 0.9) return `${first}，${random.pick([second, third])}。`;
  return `${random.pick([second, third])}。`;
}
