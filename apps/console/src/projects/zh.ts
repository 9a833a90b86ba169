export const projectsZh = {
  name: '项目',
  lead: '每个项目的数据、人员和费用互不相通。点名称打开。',
  create: '新建项目',
  first_lead: '还没有项目。建一个就能开始导入数据。',
  demo_coming: '若开启了演示项目，它准备好后会自动打开，通常不到一分钟。',
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
