export const projectsZh = {
  name: '项目',
  lead: '每个项目的数据、人员和费用互不相通。点名称打开。',
  create: '新建项目',
  synthetic: '合成数据',
  slug_hint: '用在网址里：小写字母、数字，中间可加连字符。',
  fields: {
    name: '名称',
    slug: '网址名',
    description: '说明',
    isDemo: '数据',
    roles: '我的角色',
    createdAt: '建立时间',
  },
};
