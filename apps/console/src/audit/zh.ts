export const auditZh = {
  name: '操作记录',
  lead: '每个需要权限的操作都记在这里，只能追加，不能修改；只存编号和摘要，不存病历文字。',
  empty: '登录、导入、审批、导出等操作发生后会列在这里。',
  actors: { person: '人员', api_key: 'API 密钥', system: '系统' },
  fields: {
    at: '时间',
    actorName: '操作者',
    action: '操作',
    subjectType: '对象类型',
    subjectId: '对象编号',
    before: '之前',
    after: '之后',
    requestId: '请求号',
  },
};
