import iconv from 'iconv-lite';

/** What must come of a file that is uploaded and imported as proposed. */
export interface ImportCase {
  name: string;
  file: string;
  content: string | Uint8Array;
  /** Columns named by hand. */
  mapping?: Record<string, string>;
  /** Words of the turns of each record, in order. */
  accepted: string[][];
  /** Line and reason of each refused row. */
  rejected?: [number, string][];
}

const gb = (text: string): Uint8Array => iconv.encode(text, 'gb18030');
const utf8 = (text: string): Uint8Array => Buffer.from(text);
const cut = (text: string, bytes: number): Uint8Array => Buffer.from(text).subarray(0, bytes);
const good = (n: number): string[] => [`问${n}`, `答${n}`];
const goodLines = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, i) => `${good(from + i).join(',')}\n`).join('');

export const tables: ImportCase[] = [
  {
    name: 'rows of GB18030 and UTF-8 in one file',
    file: 'mixed.csv',
    content: Buffer.concat([utf8('ask,answer\n'), gb('高血压怎么办,少吃盐多运动\n'), utf8('咳嗽三天,多喝温水\n')]),
    accepted: [
      ['高血压怎么办', '少吃盐多运动'],
      ['咳嗽三天', '多喝温水'],
    ],
  },
  {
    name: 'UTF-8 cut at a byte limit',
    file: 'cut.csv',
    content: Buffer.concat([
      utf8('ask,answer\n'),
      ...[11, 12, 11, 12].flatMap((bytes, i) => [
        cut('头痛三天', bytes),
        utf8(',建议到神经内科'),
        cut('看', i === 3 ? 1 : 3),
        utf8('\n'),
      ]),
    ]),
    accepted: [['头痛三天', '建议到神经内科看']],
    rejected: [
      [2, 'undecodable'],
      [4, 'undecodable'],
      [5, 'undecodable'],
    ],
  },
  {
    name: 'private-use characters of a wrong encoding',
    file: 'private.csv',
    content: Buffer.concat([
      gb('ask,answer\n高血压怎么办,少吃盐多运动\n咳嗽三天,'),
      Buffer.from([0xaa, 0xa1]),
      gb('\n'),
    ]),
    accepted: [['高血压怎么办', '少吃盐多运动']],
    rejected: [[3, 'undecodable']],
  },
  {
    name: 'UTF-16, big end first',
    file: 'wide.csv',
    content: iconv.encode('\ufeffask,answer\n头痛怎么办,休息\n', 'utf-16be'),
    accepted: [['头痛怎么办', '休息']],
  },
  {
    name: 'a quotation mark that is never closed',
    file: 'quote.csv',
    content: `ask,answer\n问1,答1\n"问乙未关,答乙\n${goodLines(3, 40)}`,
    accepted: [1, ...Array.from({ length: 38 }, (_, i) => i + 3)].map(good),
    rejected: [[3, 'bad_quoting']],
  },
  {
    name: 'a stray mark that the next quoted cell closes',
    file: 'stray.csv',
    content: `ask,answer\n"问乙未关,答乙\n问3,"答3"\n${goodLines(4, 6)}`,
    accepted: [3, 4, 5, 6].map(good),
    rejected: [[2, 'bad_quoting']],
  },
  {
    name: 'rows between two stray marks, which read as one record',
    file: 'swallowed.csv',
    content: `ask,answer\n问1,答1\n问甲,"答甲\n问乙,答乙\n问丙,答丙"\n${goodLines(5, 6)}`,
    accepted: [1, 5, 6].map(good),
    rejected: [[3, 'bad_quoting']],
  },
  {
    name: 'line breaks inside cells stay',
    file: 'breaks.csv',
    content: 'department,ask,answer\n内科,头痛,"1. 休息\n2. 多喝水"\n外科,扭伤,冷敷\n',
    accepted: [
      ['头痛', '1. 休息\n2. 多喝水'],
      ['扭伤', '冷敷'],
    ],
  },
  {
    name: 'no header',
    file: 'headless.csv',
    content: '头痛三天怎么办,建议休息\n咳嗽怎么办,多喝水\n',
    accepted: [
      ['头痛三天怎么办', '建议休息'],
      ['咳嗽怎么办', '多喝水'],
    ],
  },
  {
    name: 'input and target, with written line breaks',
    file: 'target.csv',
    content:
      '"input","target","answer_choice","type"\n"病人：早 \\n医生：","甲的答复","[]","qa"\n"病人：腰疼\n医生：","丙的答复","[]","qa"\n',
    accepted: [
      ['早', '甲的答复'],
      ['腰疼', '丙的答复'],
    ],
  },
  {
    name: 'written nothing',
    file: 'nothing.csv',
    content: 'ask,answer\n胃痛一,nan\n胃痛二,NULL\n胃痛三,\\N\n胃痛四,None\n胃痛五,无\nnan,吃药\n',
    accepted: [['胃痛一'], ['胃痛二'], ['胃痛三'], ['胃痛四'], ['胃痛五']],
    rejected: [[7, 'empty_question']],
  },
  {
    name: 'sep= and a header that comes twice',
    file: 'joined.csv',
    content: 'sep=;\nask;answer\n问1;答1\nask;answer\n问2;答2\n',
    accepted: [1, 2].map(good),
    rejected: [[4, 'repeated_header']],
  },
  {
    name: 'marks of a zero-width kind make no new record',
    file: 'invisible.csv',
    content: 'ask,answer\n问1,答1\n\u200b问\u200b1,答1\ufeff\n问2,答2\n',
    accepted: [1, 2].map(good),
  },
];

export const jsonFiles: ImportCase[] = [
  {
    name: 'inline marks of speakers',
    file: 'inline.json',
    content: JSON.stringify([
      { instruction: '<user>: 我咳嗽两周了 <bot>: 有痰吗？ <user>: 有一点', input: '', output: '建议拍胸片。' },
    ]),
    accepted: [['我咳嗽两周了', '有痰吗？', '有一点', '建议拍胸片。']],
  },
  {
    name: '问 and 答 behind <s>',
    file: 'marks.jsonl',
    content: '{"query":"<s>问：\\n咳嗽两周怎么办\\n答：\\n","response":"建议拍胸片。"}\n',
    accepted: [['咳嗽两周怎么办', '建议拍胸片。']],
  },
  {
    name: 'marks that do not alternate',
    file: 'unclear.jsonl',
    content:
      '{"ask":"问：头痛\\n答：休息\\n答：多喝水","answer":"好"}\n{"ask":"问：头痛\\n答：休息","answer":"多喝水"}\n{"ask":"医生：您好，头痛三天","answer":"休息"}\n',
    accepted: [['医生：您好，头痛三天', '休息']],
    rejected: [
      [1, 'speakers_unclear'],
      [2, 'speakers_unclear'],
    ],
  },
  {
    name: 'lists of texts',
    file: 'lists.json',
    content: '[["病人：咳嗽两周","医生：有痰吗？"],["病人：腰疼","医生：拍片"]]',
    accepted: [
      ['咳嗽两周', '有痰吗？'],
      ['腰疼', '拍片'],
    ],
  },
  {
    name: 'JSON Lines with commas',
    file: 'commas.jsonl',
    content: '{"question":"头痛","answer":"休息"},\n{"question":"咳嗽","answer":"喝水"},\n',
    accepted: [
      ['头痛', '休息'],
      ['咳嗽', '喝水'],
    ],
  },
  {
    name: 'records over several lines, one after another',
    file: 'pretty.json',
    content: [1, 2].map((n) => `${JSON.stringify({ question: `问${n}`, answer: `答${n}` }, null, 2)}\n`).join(''),
    accepted: [1, 2].map(good),
  },
  {
    name: 'an object around the list',
    file: 'wrapped.json',
    content: JSON.stringify({ version: '1.0', data: [1, 2].map((n) => ({ question: `问${n}`, answer: `答${n}` })) }),
    accepted: [1, 2].map(good),
  },
  {
    name: 'a line break inside a text',
    file: 'break.jsonl',
    content:
      '{"question":"问1","answer":"答1"}\n{"question":"头痛\n三天","answer":"休息"}\n{"question":"问2","answer":"答2"}\n',
    accepted: [1, 2].map(good),
    rejected: [[2, 'not_json']],
  },
  {
    name: 'deep nesting',
    file: 'deep.json',
    content: `[{"instruction":"a","input":"","output":"b"},{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}]`,
    accepted: [['a', 'b']],
    rejected: [[1, 'too_deep']],
  },
  {
    name: 'a first record longer than what is looked at',
    file: 'long.json',
    content: JSON.stringify([
      { question: '问', answer: '长'.repeat(110_000) },
      { question: '问2', answer: '答2' },
    ]),
    accepted: [['问', '长'.repeat(110_000)], good(2)],
  },
];
