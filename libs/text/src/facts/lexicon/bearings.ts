import type { FactKind } from '@qingnang/contracts';

/** Words that stand against each other. A fact is which of them stands beside what. */
export interface Axis {
  kind: FactKind;
  name: string;
  /** What each pole is said with; regular expressions. */
  poles: Readonly<Record<string, string>>;
  /** Characters before and after that tell what the word is about. */
  around: readonly [before: number, after: number];
  /** Poles that may stand for each other. */
  akin?: readonly (readonly [string, string])[];
  /** A denial turns one of two poles into the other: 不低于, 未见异常. */
  denied?: boolean;
  /** Losing or adding the word is a finding too, not only turning it round. */
  alone?: boolean;
}

const MEAL = '(?:饭|餐|吃饭|进食|用餐|进餐|饮食)(?:之|以)?';
const EVENT = '(?:运动|同房|房事|检查|用药|服药|吃药|产|受孕|怀孕|接种)(?:之|以)?';
const CLAUSE_GOES_ON = '(?=[，。,;；!！、\\n]|$|的话|就|有|来|时|了)';

/** Earlier ones claim their words first. */
export const AXES: readonly Axis[] = [
  {
    kind: 'side',
    name: 'side',
    poles: {
      both: '双侧|两侧|两边|双边|左右两[侧边]|双(?=[眼耳肺肾乳膝手脚足腿肩髋踝肘腕]|下肢|上肢|卵巢|输卵管|扁桃)|\\bboth\\b|\\bbilateral\\b',
      left: '左(?![右氧旋卡洛西甲炔克])|\\bleft\\b',
      right:
        '(?<!左)右(?![美旋佐归])|\\bright(?= (?:side|arm|leg|eye|ear|knee|lung|kidney|hand|foot|breast|ovary|shoulder))',
    },
    around: [3, 6],
    alone: true,
  },
  {
    kind: 'time',
    name: 'meal',
    poles: {
      before: `${MEAL}前|空腹|\\bbefore (?:meals?|food)\\b|(?<![a-z])ac(?![a-z])`,
      after: `${MEAL}后|吃完饭|饱腹|\\bafter (?:meals?|food)\\b|(?<![a-z])pc(?![a-z])`,
      with: '随餐|饭中|餐中|(?<![意想肯不])(?:吃饭|进餐|用餐)时|与餐同服|和饭一起|\\bwith (?:meals?|food)\\b',
    },
    around: [4, 4],
    alone: true,
  },
  {
    kind: 'time',
    name: 'bed',
    poles: {
      bedtime: '临睡前|睡觉前|入睡前|睡前|临睡|\\bbedtime\\b',
      evening: '晚上(?!好)|晚间|夜间|夜里|每晚|傍晚|(?<![a-z])qn(?![a-z])|\\bevening\\b',
      morning: '早上(?!好)|早晨|晨起|清晨|上午(?!好)|早起|起床后|每早|\\bmorning\\b',
      noon: '中午(?!好)|午间|\\bnoon\\b',
    },
    around: [4, 4],
    akin: [['bedtime', 'evening']],
  },
  {
    kind: 'time',
    name: 'which-meal',
    poles: { breakfast: '早[饭餐]', lunch: '[午中][饭餐]', dinner: '晚[饭餐]' },
    around: [4, 4],
  },
  {
    kind: 'time',
    name: 'operation',
    poles: { before: '(?:手?术)(?:之|以)?前', after: '(?:手?术)(?:之|以)?后|做完手术|手术做完' },
    around: [4, 4],
    alone: true,
  },
  {
    kind: 'time',
    name: 'menses',
    poles: {
      before: '(?:来)?(?:月经|例假)(?:来|来潮)?(?:之|以)?前|经前',
      after: '(?:月经|例假)(?:干净|结束|完)(?:之|以)?后?|月经(?:之|以)?后|经后|干净后',
      during: '经期|月经期间|来月经时',
    },
    around: [4, 4],
    alone: true,
  },
  {
    kind: 'time',
    name: 'event',
    poles: { before: `${EVENT}前`, after: `${EVENT}后` },
    around: [4, 4],
  },
  {
    kind: 'time',
    name: 'gap',
    poles: {
      within: '(?<=[时钟天日周月年期])(?:之|以)?内',
      after: '(?<=[时钟天日周月年期])(?:之|以)?后',
      before: '(?<=[时钟天日周月年期])(?:之|以)?前(?!臂|列)',
    },
    around: [4, 3],
  },
  {
    kind: 'direction',
    name: 'dosing',
    poles: {
      more: '加量|增量|加大(?:剂|药|用)量|增加(?:剂|药|用)量|(?:剂|药|用)量(?:需要|要|应|可以|请|应该)?(?:增加|加大|加)',
      less: '减量|减药|减少(?:剂|药|用)量|(?:剂|药|用)量(?:需要|要|应|可以|请|应该)?(?:减少|减小|减)',
    },
    around: [4, 2],
  },
  {
    kind: 'direction',
    name: 'course-of-treatment',
    poles: {
      stop: '停药|停用|停服|停止(?:服|用|使)用?|先停|停了|停掉|暂停|突然停|停(?=阿|抗)',
      go: '继续(?:服|用|吃|使)用?|坚持(?:服|用|吃|使)用?|照常(?:服|用|吃)',
    },
    around: [6, 3],
    denied: true,
  },
  {
    kind: 'direction',
    name: 'level',
    poles: {
      up: `升高|偏高|增高|过高|上升|变高|走高|(?<![降提])高${CLAUSE_GOES_ON}|\\b(?:high|raised|elevated|increased)\\b`,
      down: `降低|偏低|减低|过低|下降|变低|走低|低${CLAUSE_GOES_ON}|\\b(?:low|reduced|decreased)\\b`,
    },
    around: [5, 0],
    denied: true,
  },
  {
    kind: 'direction',
    name: 'amount',
    poles: {
      more: '多(?=[喝吃饮补走摄食睡排运锻活休])|增加',
      less: '(?<![至不])少(?=[喝吃饮补走摄食睡排运锻活休盐油糖量])|减少|低(?=[盐脂糖])',
    },
    around: [0, 4],
  },
  {
    kind: 'direction',
    name: 'size',
    poles: { up: '增大|变大|长大|扩大', down: '缩小|变小' },
    around: [5, 2],
  },
  { kind: 'direction', name: 'function', poles: { up: '亢进|甲亢', down: '功能减退|甲减|功能低下' }, around: [6, 2] },
  {
    kind: 'direction',
    name: 'course',
    poles: { worse: '加重|恶化|变重|加剧|更严重|变差', better: '减轻|缓解|好转|改善|减退(?!症)|(?<![年减])轻了' },
    around: [4, 3],
    denied: true,
  },
  { kind: 'direction', name: 'heat', poles: { hot: '热敷|热水', cold: '冷敷|冰敷|冷水|凉水' }, around: [2, 4] },
  { kind: 'direction', name: 'result', poles: { positive: '阳性', negative: '阴性' }, around: [6, 0] },
  { kind: 'direction', name: 'nature', poles: { benign: '良性', malignant: '恶性' }, around: [3, 3] },
  { kind: 'direction', name: 'pace', poles: { acute: '急性', chronic: '慢性' }, around: [0, 4] },
  { kind: 'direction', name: 'route', poles: { inside: '口服|内服', outside: '外用|外涂|外敷|外擦' }, around: [4, 4] },
  {
    kind: 'direction',
    name: 'finding',
    poles: { normal: '正常', abnormal: '异常' },
    around: [6, 0],
    denied: true,
  },
];
