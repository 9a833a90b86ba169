/** One unit a group: the name it is compared by, then its other spellings. */
const group = (table: string): Map<string, string> =>
  new Map(
    table.split('|').flatMap((words) => words.split(' ').map((word): [string, string] => [word, words.split(' ')[0]!])),
  );

/** Units of time, in hours. A month is as long as thirty days. */
export const TIME_HOURS: Readonly<Record<string, number>> = {
  second: 1 / 3600,
  minute: 1 / 60,
  hour: 1,
  day: 24,
  week: 168,
  month: 720,
  year: 8640,
};

export const TIME_UNITS = group(
  'second 秒钟 秒 seconds|minute 分钟 分 min mins minutes|hour 个小时 个钟头 小时 钟头 h hr hrs hours|' +
    'day 天 日 days|week 个星期 个礼拜 周 星期 礼拜 weeks|month 个月 月 months|year 年 years',
);

/** What a medicine is measured in: the base unit and how many of it. */
export const DOSE_UNITS: ReadonlyMap<string, readonly [base: string, factor: number]> = new Map([
  ...entries('mg', 1, 'mg 毫克'),
  ...entries('mg', 1000, 'g 克'),
  ...entries('mg', 0.001, 'μg µg ug mcg 微克'),
  ...entries('mg/kg', 1, 'mg/kg 毫克/公斤 毫克/千克'),
  ...entries('ml', 1, 'ml 毫升 cc'),
  ...entries('ml', 1000, 'l 升'),
  ...entries('iu', 1, 'iu u 单位 个单位 国际单位'),
  ...entries('iu', 10_000, '万iu 万单位 万u'),
  ...entries('片', 1, '片 tablets tablet'),
  ...entries('粒', 1, '粒 颗 capsules capsule'),
  ...entries('丸', 1, '丸'),
  ...entries('袋', 1, '袋 包'),
  ...entries('支', 1, '支'),
  ...entries('滴', 1, '滴 drops drop'),
  ...entries('喷', 1, '喷 揿 puffs puff'),
  ...entries('贴', 1, '贴'),
  ...entries('勺', 1, '勺'),
]);

/** Everything else that is counted or measured. */
export const OTHER_UNITS: ReadonlyMap<string, readonly [base: string, factor: number]> = new Map([
  ...entries('mmol/l', 1, 'mmol/l 毫摩尔每升 mmol 毫摩尔'),
  ...entries('mmhg', 1, 'mmhg 毫米汞柱'),
  ...entries('kpa', 1, 'kpa'),
  ...entries('kg', 1, 'kg 千克 公斤'),
  ...entries('kg', 0.5, '斤'),
  ...entries('%', 1, '%'),
  ...entries('‰', 1, '‰'),
  ...entries('℃', 1, '℃ °c 摄氏度 度'),
  ...entries('mm', 1, 'mm 毫米'),
  ...entries('mm', 10, 'cm 厘米 公分'),
  ...entries('mm', 1000, 'm 米'),
  ...entries('步', 1, '步'),
  ...entries('岁', 1, '周岁 岁'),
  ...entries('次', 1, '次 回 times'),
  ...entries('瓶', 1, '瓶'),
  ...entries('杯', 1, '杯'),
  ...entries('盒', 1, '盒'),
  ...entries('针', 1, '针'),
  ...entries('胎', 1, '胎'),
  ...entries('倍', 1, '倍'),
  ...entries('期', 1, '期'),
  ...entries('级', 1, '级'),
  ...entries('顿', 1, '餐 顿'),
  ...entries('疗程', 1, '个疗程 疗程'),
]);

function entries(base: string, factor: number, spellings: string): [string, readonly [string, number]][] {
  return spellings.split(' ').map((spelling) => [spelling, [base, factor]]);
}

/** Latin abbreviations of how often: times, and in how many hours. */
export const LATIN_FREQUENCIES: ReadonlyMap<string, readonly [times: number, hours: number]> = new Map([
  ['qd', [1, 24]],
  ['bid', [2, 24]],
  ['tid', [3, 24]],
  ['qid', [4, 24]],
  ['qn', [1, 24]],
  ['qod', [1, 48]],
  ['qw', [1, 168]],
  ['biw', [2, 168]],
  ['tiw', [3, 168]],
]);
