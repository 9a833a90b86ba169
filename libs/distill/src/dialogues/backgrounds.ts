import { createRandom } from '@qingnang/kernel';

/** What patient and doctor of one dialogue share. The diagnosis is the doctor's alone. */
export interface Background {
  department: string;
  /** The patient's situation, in short statements. */
  case: string;
  diagnosis: string;
}

interface Complaint {
  department: string;
  zh: readonly [complaint: string, detail: string, tried: string, diagnosis: string];
  en: readonly [complaint: string, detail: string, tried: string, diagnosis: string];
}

const complaints: readonly Complaint[] = [
  {
    department: '心血管内科',
    zh: ['血压偏高，有时头晕', '早晨量到一百五十多', '还没有吃过药', '高血压'],
    en: [
      'My blood pressure is high and I feel dizzy',
      'It was above 150 in the morning',
      'I take no medicine yet',
      'hypertension',
    ],
  },
  {
    department: '消化内科',
    zh: ['饭后胃胀、反酸', '晚上躺下更明显', '吃过几天胃药，好一阵又犯', '胃食管反流'],
    en: [
      'My stomach is bloated and sour after meals',
      'It is worse lying down at night',
      'Tablets helped for a few days',
      'acid reflux',
    ],
  },
  {
    department: '呼吸内科',
    zh: ['咳嗽，夜里更重', '痰不多，没有发烧', '喝过止咳糖浆，没什么用', '上呼吸道感染后咳嗽'],
    en: [
      'I cough, mostly at night',
      'There is little phlegm and no fever',
      'A cough syrup did nothing',
      'post-infectious cough',
    ],
  },
  {
    department: '皮肤科',
    zh: ['手臂起红疹，很痒', '换季时反复出现', '抹过药膏，好了又起', '湿疹'],
    en: [
      'There is an itchy red rash on my arm',
      'It comes back each season',
      'An ointment helped for a while',
      'eczema',
    ],
  },
  {
    department: '骨科',
    zh: ['腰痛，久坐以后加重', '偶尔牵到右腿', '贴过膏药，作用不大', '腰椎间盘突出'],
    en: [
      'My lower back hurts after sitting',
      'Now and then it runs into the right leg',
      'Plasters did little',
      'a slipped disc',
    ],
  },
  {
    department: '神经内科',
    zh: ['头痛，一阵一阵地跳着痛', '没睡好的时候容易犯', '忍一忍能过去，没吃药', '偏头痛'],
    en: ['My head throbs in bouts', 'It comes when I sleep badly', 'I wait until it passes', 'migraine'],
  },
  {
    department: '内分泌科',
    zh: ['总是口渴，喝水多，小便多', '最近瘦了几斤', '还没有查过血糖', '糖尿病'],
    en: ['I am always thirsty and pass much water', 'I have lost some weight', 'My sugar was never tested', 'diabetes'],
  },
  {
    department: '妇科',
    zh: ['月经推迟了十来天', '最近压力大，睡得晚', '测过，没有怀孕', '月经不调'],
    en: [
      'My period is ten days late',
      'I am under stress and sleep late',
      'A pregnancy test was negative',
      'an irregular cycle',
    ],
  },
  {
    department: '儿科',
    zh: ['孩子发烧，精神还可以', '有点流鼻涕，吃得少', '用过退热贴', '普通感冒'],
    en: [
      'My child has a fever but is lively',
      'There is a runny nose and little appetite',
      'We used a cooling patch',
      'a common cold',
    ],
  },
  {
    department: '眼科',
    zh: ['眼睛干涩，看屏幕久了酸胀', '下午更明显', '点过眼药水，缓解一会儿', '干眼症'],
    en: [
      'My eyes are dry and ache after screens',
      'Afternoons are worse',
      'Eye drops help for a short while',
      'dry eyes',
    ],
  },
  {
    department: '耳鼻喉科',
    zh: ['早晨打喷嚏、流清鼻涕', '一遇灰尘就厉害', '吃过抗过敏药，会困', '过敏性鼻炎'],
    en: [
      'I sneeze and my nose runs in the morning',
      'Dust makes it worse',
      'Allergy tablets make me sleepy',
      'allergic rhinitis',
    ],
  },
  {
    department: '泌尿外科',
    zh: ['小便次数多，有点刺痛', '喝水少的时候更明显', '没有用药', '尿路感染'],
    en: [
      'I pass water often and it stings',
      'It is worse when I drink little',
      'I took nothing',
      'a urinary infection',
    ],
  },
];

const lasting = {
  zh: ['三天', '一周', '半个月', '一个多月', '断断续续两三个月'],
  en: ['three days', 'a week', 'two weeks', 'over a month', 'two or three months on and off'],
};
const who = {
  zh: ['二十多岁', '三十出头', '四十来岁', '五十多岁', '快七十岁'],
  en: ['in my twenties', 'in my thirties', 'in my forties', 'in my fifties', 'nearly seventy'],
};
const worry = {
  zh: ['担心是大病', '怕影响上班', '担心要长期吃药', '想知道要不要去医院', '怕会传给家里人'],
  en: [
    'I fear it is serious',
    'I fear for my work',
    'I do not want to take tablets for ever',
    'I wonder whether to go to hospital',
    'I fear for my family',
  ],
};

/** How many different backgrounds there are for one department, or for all. */
export function backgroundsOf(department: string): number {
  const pool = complaints.filter((each) => department === '' || each.department === department);
  return pool.length * lasting.zh.length * who.zh.length * worry.zh.length;
}

/** The departments there are complaints for. */
export const backgroundDepartments: readonly string[] = [...new Set(complaints.map(({ department }) => department))];

/**
 * Drawn from a grid rather than asked of a model, so that they differ. What a patient says first, complaint and time, comes
 * twice only when every pair of them has come once.
 */
export function drawBackgrounds(count: number, language: 'zh' | 'en', department: string, seed: number): Background[] {
  const random = createRandom(seed);
  const pool = complaints.filter((each) => department === '' || each.department === department);
  const said = random.shuffle(pool.flatMap((complaint) => lasting[language].map((long) => ({ complaint, long }))));
  const person = random.shuffle(who[language].flatMap((age) => worry[language].map((fear) => ({ age, fear }))));
  const most = Math.min(count, said.length * person.length);
  return Array.from({ length: most }, (_, i) => {
    const { complaint, long } = said[i % said.length]!;
    const round = Math.floor(i / said.length);
    const { age, fear } = person[(round + i) % person.length]!;
    return backgroundOf(complaint, language, long, age, fear);
  });
}

function backgroundOf(
  complaint: Complaint,
  language: 'zh' | 'en',
  long: string,
  age: string,
  fear: string,
): Background {
  const [main, detail, tried, diagnosis] = complaint[language];
  const told =
    language === 'zh'
      ? [`${main}`, `有${long}了`, detail, tried, `我${age}，${fear}`].join('。')
      : [main, `It has lasted ${long}`, detail, tried, `I am ${age} and ${fear}`].join('. ');
  return { department: complaint.department, case: `${told}${language === 'zh' ? '。' : '.'}`, diagnosis };
}
