import iconv from 'iconv-lite';

const rows: readonly (readonly [department: string, title: string, question: string, answer: string])[] = [
  ['呼吸内科', '咳嗽三天', '医生您好，社区医院说是感冒，咳嗽三天有白痰，怎么办', '多喝水，可以喝点蜂蜜，三天不好再看'],
  ['消化内科', '饭后反酸', '社区医院配了药，饭后还是反酸，\n夜里重一些，要紧吗', '少吃甜的，睡前三小时不要吃东西'],
  ['皮肤科', '手上起疹', '手背起红疹两天，社区医院让忌口，要忌什么', '先不要抓，停用新换的洗手液'],
  ['骨科', '膝盖酸', '爬楼膝盖酸，社区医院拍片没事，还能走路吗', '可以平路走，少爬楼'],
  ['儿科', '孩子发热', '孩子发热一天，精神好，社区医院叫观察，怎么观察', '四小时量一次体温，多喝水'],
  ['眼科', '眼睛干', '看电脑久了眼睛干，社区医院没有眼科，先怎么办', '多眨眼，看一会儿远处'],
  ['神经内科', '睡不好', '最近睡不好，社区医院量血压正常，要吃药吗', '先不吃药，晚饭后不喝茶'],
  ['口腔科', '牙龈出血', '刷牙牙龈出血一周，社区医院不能洗牙，怎么办', '换软毛牙刷，约一次洁牙'],
  ['内分泌科', '血糖偏高', '社区医院查空腹血糖6.3，要控制饮食吗', '主食减三分之一，一个月后复查'],
  ['心血管内科', '血压偏高', '社区医院量血压145/90，没有不舒服，要紧吗', '少盐，每天早晚各量一次，记下来'],
];
const header = ['科室', '标题', '提问', '回答'];
const withoutQuestion = ['外科', '', '', '先观察，不要用力'];

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** What a person brings from elsewhere: good rows, one of them with a line break, the first one again, one without a question. */
export const csvFile = {
  name: '社区门诊问答.csv',
  mimeType: 'text/csv',
  buffer: iconv.encode(
    [header, ...rows, rows[0]!, withoutQuestion].map((row) => `${row.map(cell).join(',')}\r\n`).join(''),
    'gb18030',
  ),
};
export const csvCounts = { read: rows.length + 2, accepted: rows.length, duplicate: 1, rejected: 1 };
/** In the question of every row, and nowhere else. */
export const csvWord = '社区医院';
export const csvDoctorSays = rows.map(([, , , answer]) => answer);
