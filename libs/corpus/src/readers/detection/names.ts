/** How a name of a column is compared: without blanks around it, in lower case. */
export function plainName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/gu, '_');
}

// Best names first. `question` next to a body is a title; alone it is the body.
export const BODIES = 'ask,body,病情描述,问题描述,咨询内容,问题内容,详细描述,主诉,描述,input,content'.split(',');
export const QUESTIONS =
  'question,questions,query,问题,提问,患者提问,患者问题,病人问题,问,q,prompt,instruction,instruct,patient,患者'.split(
    ',',
  );
export const TITLES = 'title,标题,问题标题,主题,subject'.split(',');
export const ANSWERS =
  'answer,answers,答案,回答,医生回答,医生回复,医生建议,回复,解答,答,output,response,reply,target,model_output,completion,a,doctor,医生'.split(
    ',',
  );
export const DEPARTMENTS = 'department,科室,科室名称,一级科室,科别,所属科室,dept,cate1,cate,category,分类'.split(',');
export const IDS = 'id,编号,序号,record_id,question_id,qid,uuid,病例号,记录号'.split(',');

const KNOWN = new Set([...BODIES, ...QUESTIONS, ...TITLES, ...ANSWERS, ...DEPARTMENTS, ...IDS]);
/** What stands beside an answer and says something of it. */
const ABOUT_ANSWERS = /choice|id$|type|num|count|len|score|label|time|date|url|source|rejected|chosen/u;

export function isKnownName(name: string): boolean {
  return KNOWN.has(plainName(name)) || isAnswerName(plainName(name));
}

/** `answer_1`, `answerText`, `answer_zh` and so on. */
export function isAnswerName(plain: string): boolean {
  return plain.startsWith('answer') && !ABOUT_ANSWERS.test(plain);
}
