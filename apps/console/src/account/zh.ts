export const accountZh = {
  name: '我的账号',
  title: '我的账号',
  password: '修改密码',
  others_end: '保存后，其他设备上的登录会一并退出。',
  current: '现在的密码',
  save: '保存新密码',
  changed: '密码已修改',
};
