import type { DataSet } from '@qingnang/contracts';
import type { Random } from '@qingnang/kernel';
import type { DemoRecord } from './demo-data.js';

interface EnglishTopic {
  department: string;
  question: string;
  answer: string;
  spoken: string;
}

const english: readonly EnglishTopic[] = [
  {
    department: '内科',
    question: 'How long does a cold last?',
    answer: 'About a week. Rest and drink water.',
    spoken: 'a week or so, rest',
  },
  {
    department: '内科',
    question: 'My cough will not stop.',
    answer: 'Avoid smoke. After two weeks see a doctor.',
    spoken: 'avoid smoke, air the room',
  },
  {
    department: '消化内科',
    question: 'I feel bloated after meals.',
    answer: 'Eat slowly and walk a little.',
    spoken: 'eat slower, then walk',
  },
  {
    department: '消化内科',
    question: 'What helps constipation?',
    answer: 'More vegetables, water, exercise.',
    spoken: 'vegetables and water',
  },
  {
    department: '神经内科',
    question: 'Why can I not fall asleep?',
    answer: 'Often stress. No phone in bed.',
    spoken: 'stress, most likely',
  },
  {
    department: '神经内科',
    question: 'I get dizzy standing up.',
    answer: 'Get up slowly. If you faint, see a doctor.',
    spoken: 'get up slowly',
  },
  {
    department: '骨科',
    question: 'I twisted my ankle.',
    answer: 'Cool it, raise the leg and rest.',
    spoken: 'cool it and rest',
  },
  {
    department: '骨科',
    question: 'My back hurts from sitting.',
    answer: 'Stand up often, keep it warm.',
    spoken: 'sit less, keep warm',
  },
  {
    department: '皮肤科',
    question: 'My skin itches in winter.',
    answer: 'Use cream daily, do not scratch.',
    spoken: 'cream every day',
  },
  {
    department: '皮肤科',
    question: 'What to do about sunburn?',
    answer: 'Cool the skin and stay in the shade.',
    spoken: 'cool it, stay inside',
  },
  {
    department: '眼科',
    question: 'My eyes are dry at work.',
    answer: 'Blink often and rest from the screen.',
    spoken: 'blink more, rest',
  },
  {
    department: '眼科',
    question: 'Is a red eye serious?',
    answer: 'Mostly not. See a doctor if it hurts.',
    spoken: 'mostly not, wait',
  },
  {
    department: '口腔科',
    question: 'My gums bleed sometimes.',
    answer: 'Brush gently and floss.',
    spoken: 'brush gently, floss',
  },
  {
    department: '口腔科',
    question: 'I have a mouth ulcer.',
    answer: 'Rinse with salt water.',
    spoken: 'rinse with salt water',
  },
  {
    department: '儿科',
    question: 'My baby has a runny nose.',
    answer: 'Fresh air, and water often.',
    spoken: 'fresh air, fluids',
  },
  {
    department: '儿科',
    question: 'My son eats too many sweets.',
    answer: 'Offer fruit instead.',
    spoken: 'fruit instead of sweets',
  },
  {
    department: '心血管内科',
    question: 'Is my blood pressure high?',
    answer: 'Measure it daily for a week.',
    spoken: 'measure daily first',
  },
  {
    department: '心血管内科',
    question: 'My heart races after coffee.',
    answer: 'Drink less. With chest pain see a doctor.',
    spoken: 'less coffee',
  },
  {
    department: '精神科',
    question: 'I worry about everything.',
    answer: 'Talk to a friend, breathe slowly.',
    spoken: 'talk to a friend',
  },
  {
    department: '妇科',
    question: 'How to ease period pain?',
    answer: 'A warm pad and rest often help.',
    spoken: 'warm pad, rest',
  },
];

const sets: readonly DataSet[] = ['distilled_instruction', 'real_instruction'];

/** Twenty English records, single-round, half of them in a doctor's own clipped words. */
export function englishRecords(random: Random): DemoRecord[] {
  return random.shuffle(english).map(({ department, question, answer, spoken }, i) => {
    const dataSet = sets[i % sets.length]!;
    return {
      outsideId: `demo-en-${String(i + 1).padStart(4, '0')}`,
      dataSet,
      department,
      intent: '治疗方案',
      language: 'en',
      turns: [
        { role: 'patient', text: question },
        { role: 'doctor', text: dataSet === 'real_instruction' ? `${spoken}.` : answer },
      ],
    };
  });
}
