export const referencesZh = {
  name: '参考答复',
  lead: '医生在看到任何模型答复之前写下的回答。裁判以它为准，模型以它为师。',
  empty: '请医生为提问写参考答复，写好的会列在这里。',
  ask_doctors: '给医生建任务',
  original_doctor: '原记录的医生',
  revision: '第 %{n} 稿',
  after_exposure: '写于看过模型答复之后',
  kinds: { answer: '可以回答', ask_first: '先问患者', cannot_answer: '答不了' },
  fields: {
    question: '问题',
    text: '答复',
    kind: '回答方式',
    doctor: '医生',
    revision: '稿次',
    createdAt: '时间',
  },
};
