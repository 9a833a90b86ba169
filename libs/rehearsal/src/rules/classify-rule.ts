import type { Department } from '../knowledge/topic.js';
import { findTopic } from '../knowledge/topics.js';
import { statements } from './case-statements.js';
import type { ClassifyAnswer } from '../protocol.js';

/** Words that point to a department where no listed complaint is named; the first that matches counts. */
const departmentWords: readonly (readonly [Department, RegExp])[] = [
  ['儿科', /宝宝|婴儿|小儿|儿童|孩子|新生儿|\b(?:baby|child|my (?:son|daughter))\b/iu],
  ['产科', /怀孕|孕期|孕妇|孕早|孕晚|孕\d|孕[一二三四五六七八九十]|剖腹产|胎|分娩|羊水|\bpregnan/iu],
  ['妇产科', /产后|哺乳|流产|不孕/u],
  ['妇科', /月经|经期|白带|子宫|卵巢|阴道|宫颈|\bperiod\b/iu],
  ['男科', /男科|前列腺|阳痿|早泄|勃起|遗精|精子|阴茎|睾丸/u],
  ['口腔科', /牙|口腔|智齿|舌|\b(?:tooth|teeth|gum|mouth)/iu],
  ['眼科', /眼|视力|视物|近视|白内障|青光眼|\beye/iu],
  ['精神科', /抑郁|忧郁|焦虑|强迫|躁|幻觉|精神|心理|\b(?:anxi|depress|worry)/iu],
  ['皮肤性病科', /梅毒|淋病|尖锐湿疣|疱疹|癣/u],
  ['皮肤科', /皮肤|皮疹|湿疹|瘙痒|痘|痣|痤疮|白癜风|过敏|\b(?:skin|rash|itch)/iu],
  ['神经外科', /脑瘤|脑出血|颅|脑外伤|垂体瘤/u],
  ['神经内科', /头痛|头晕|偏瘫|癫痫|脑梗|失眠|面瘫|麻木|\b(?:headache|dizz|sleep)/iu],
  ['心血管内科', /心脏|心悸|心肌|三尖瓣|二尖瓣|心慌|胸闷|血压|冠心病|心律|\b(?:heart|blood pressure)/iu],
  ['消化内科', /胃|肠|腹痛|腹泻|便秘|肝|消化|呕吐|\b(?:stomach|bloat|constipat|diarrh)/iu],
  ['泌尿外科', /(?<!糖)尿(?!病)|肾结石|膀胱|肾积水|\burin/iu],
  ['骨科', /骨|腰|关节|颈椎|膝|扭伤|肩|\b(?:back|ankle|knee|joint|bone)/iu],
  ['普外科', /乳腺|甲状腺|胆囊|阑尾|疝|痔/u],
  ['外科', /伤口|烫伤|手术|肿块|脓/u],
  ['中医科', /中医|中药|湿气|上火|气血|脾虚|肾虚|阴虚|针灸/u],
];

/** The ten intents of the reference system's single-turn test, by the words that ask for them. */
const intentWords: readonly (readonly [string, RegExp])[] = [
  ['医疗费用', /多少钱|费用|收费|价格|花多少|贵吗|报销|\bcost/iu],
  ['指标解读', /指标|偏高|偏低|正常值|化验|报告|是什么意思|超过\d|结果.{0,6}说明|\d+\s*(?:mmol|mg|g\/L|μmol)/iu],
  [
    '就医建议',
    /挂.{0,3}科|去医院|到医院|看医生|就诊|就医|哪家医院|哪个医院|检查什么|什么检查|做的检查|要不要查|\bsee a doctor/iu,
  ],
  ['注意事项', /注意|护理|忌口|能吃|能不能|可以吃|可不可以|饮食|\bwatch for/iu],
  ['功效作用', /功效|作用|有什么用|好处|\bgood for\b/iu],
  ['病因分析', /为什么|原因|怎么回事|引起|导致|怎么会|有关|\bwhy\b|\bcause/iu],
  ['后果表述', /后果|后遗症|会怎样|会不会|有害|影响.{0,6}吗|危害|遗传|传染|\bdanger/iu],
  [
    '治疗方案',
    /怎么办|怎么治|怎样治|如何治|治疗|缓解|处理|吃什么药|用什么药|怎么调理|\b(?:help|treat|what to do|how to ease)/iu,
  ],
  ['疾病表述', /是什么病|什么是|症状|表现|怎么判断|\bwhat is\b/iu],
  ['病情诊断', /严重|要紧|正常吗|是不是|是.{0,8}吗|怎么了|\bserious/iu],
];

/** Department and intent of a dialogue, from the patient's words and, failing them, the doctor's. */
export function classify(patient: string, doctor: string): ClassifyAnswer {
  const byWords = (text: string): string | undefined => departmentWords.find(([, words]) => words.test(text))?.[0];
  const chief = statements(patient)[0] ?? '';
  const department =
    findTopic(chief)?.department ??
    byWords(chief) ??
    findTopic(patient)?.department ??
    byWords(patient) ??
    findTopic(doctor)?.department ??
    byWords(doctor);
  const intent = intentWords.find(([, words]) => words.test(patient))?.[0];
  return { department: department ?? '内科', intent: intent ?? '病情诊断' };
}
