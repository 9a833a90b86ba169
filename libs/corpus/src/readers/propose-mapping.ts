import type { ColumnMapping, RowLayout } from '@qingnang/contracts';

type Role = keyof ColumnMapping;

// Best names first. `question` next to a body is a title; alone it is the body.
const BODIES = 'ask,body,病情描述,问题描述,咨询内容,问题内容,详细描述,主诉,描述,input,content'.split(',');
const QUESTIONS =
  'question,questions,query,问题,提问,患者提问,患者问题,病人问题,问,q,prompt,instruction,instruct,patient,患者'.split(
    ',',
  );
const NAMES: Record<Exclude<Role, 'ask'>, string[]> = {
  title: 'title,标题,问题标题,主题,subject'.split(','),
  answer: 'answer,answers,答案,回答,医生回答,医生回复,医生建议,回复,解答,答,output,response,reply,a,doctor,医生'.split(
    ',',
  ),
  department: 'department,科室,科室名称,一级科室,科别,所属科室,dept,cate1,cate,category,分类'.split(','),
  id: 'id,编号,序号,record_id,question_id,qid,uuid,病例号,记录号'.split(','),
};

/** A first guess at which column holds what, by its name; the person confirms or changes it. */
export function proposeMapping(layout: RowLayout, header: readonly string[]): ColumnMapping {
  const plain = new Map(
    header.map((name) => [
      name
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/gu, '_'),
      name,
    ]),
  );
  const find = (names: readonly string[]): string | undefined => {
    const name = names.find((candidate) => plain.has(candidate));
    return name === undefined ? undefined : plain.get(name);
  };
  const proposal: ColumnMapping = { department: find(NAMES.department), id: find(NAMES.id) };
  if (layout === 'qa_columns') {
    const body = find(BODIES);
    const question = find(QUESTIONS);
    const title = find(NAMES.title);
    proposal.title = title ?? (body === undefined ? undefined : question);
    proposal.ask = body ?? question;
    proposal.answer = find(NAMES.answer);
  }
  return Object.fromEntries(Object.entries(proposal).filter(([, name]) => name !== undefined));
}
