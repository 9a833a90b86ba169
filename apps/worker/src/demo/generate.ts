import type { DataSet, PlainTurn } from '@qingnang/contracts';
import { createRandom, type Random } from '@qingnang/kernel';
import { departments, topics, type Department, type Topic } from '@qingnang/rehearsal';
import { core, drawAdvice, fullAnswer, middlingAnswer, spokenAnswer, type Advice } from './answers.js';
import { gradedCandidates } from './candidates.js';
import type { DemoData, DemoPrompt, DemoRecord } from './demo-data.js';
import { englishRecords } from './english.js';
import { NearDuplicateGuard, plainText } from './near-duplicates.js';
import { askAbout, complaint, demoIntents } from './questions.js';

/** Few complaints, and each often: the demo's model is to learn what belongs to which, in minutes. */
const COMPLAINTS_PER_DEPARTMENT = 3;
const RECORDS_PER_DEPARTMENT = 60;
const PROMPTS_PER_DEPARTMENT = 15;
/** Question and answers together: what 64 tokens of the demo's tokenizer hold with room for the role marks. */
const MAX_CHARACTERS = 52;
const MAX_TRIES = 400;

const chineseSets: readonly DataSet[] = [
  'distilled_instruction',
  'real_instruction',
  'distilled_conversation',
  'real_conversation',
];

/** What has been written so far, so that nothing is said twice. */
interface Written {
  questions: Set<string>;
  guard: NearDuplicateGuard;
}

/**
 * Writes the demo's data from a grammar: 20 departments × 3 complaints × 5 intents with their causes, care and
 * warnings. All of it is invented; it names no drug and no dose. The same seed gives the same data.
 */
export function generateDemo(seed: number): DemoData {
  const random = createRandom(seed);
  const written: Written = { questions: new Set(), guard: new NearDuplicateGuard() };
  const records: DemoRecord[] = [];
  const prompts: DemoPrompt[] = [];
  for (const department of departments) {
    for (let i = 0; i < RECORDS_PER_DEPARTMENT; i++) {
      const dataSet = chineseSets[i % chineseSets.length]!;
      const outsideId = `demo-zh-${String(records.length + 1).padStart(4, '0')}`;
      records.push(untilNew(() => draftRecord(department, dataSet, outsideId, random), written));
    }
    for (let i = 0; i < PROMPTS_PER_DEPARTMENT; i++) {
      const outsideId = `demo-prompt-${String(prompts.length + 1).padStart(4, '0')}`;
      prompts.push(untilNew(() => draftPrompt(department, outsideId, random), written));
    }
  }
  records.push(...englishRecords(random));
  return { records, prompts };
}

/** Draws until the text is short enough, its question new and no near duplicate of what stands already. */
function untilNew<T extends { turns: PlainTurn[]; reference?: string }>(draft: () => T, written: Written): T {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const made = draft();
    const whole = [...made.turns, ...(made.reference ? [{ role: 'doctor' as const, text: made.reference }] : [])];
    const length = whole.reduce((sum, turn) => sum + turn.text.length, 0);
    const question = made.turns.map((turn) => turn.text).find((_text, i) => made.turns[i]!.role === 'patient')!;
    const key = made.turns.length > 2 ? plainText(made.turns) : question;
    if (length > MAX_CHARACTERS || written.questions.has(key) || !written.guard.accept(plainText(whole))) continue;
    written.questions.add(key);
    return made;
  }
  throw new RangeError('The demo grammar has run out of new sentences; give it more complaints.');
}

function draftRecord(department: Department, dataSet: DataSet, outsideId: string, random: Random): DemoRecord {
  const topic = pickTopic(department, random);
  const intent = random.pick(demoIntents);
  const advice = drawAdvice(topic, intent, random);
  const real = dataSet.startsWith('real_');
  const answer = real ? spokenAnswer(advice, random) : distilledAnswer(advice, random);
  const turns: PlainTurn[] = dataSet.endsWith('_instruction')
    ? [
        { role: 'patient', text: askAbout(topic, intent, random) },
        { role: 'doctor', text: answer },
      ]
    : [
        { role: 'patient', text: `${complaint(topic, random)}。` },
        { role: 'doctor', text: real ? `${topic.ask}？` : `您好，${topic.ask}？` },
        { role: 'patient', text: `${topic.reply}。` },
        { role: 'doctor', text: answer.replace(/^您好，/u, '') },
      ];
  return { outsideId, dataSet, department, intent, language: 'zh', turns };
}

/** Models answer unevenly: a third in the house style, the rest half way; this is what PPO has to gain. */
function distilledAnswer(advice: Advice, random: Random): string {
  const lot = random.next();
  if (lot < 0.35) return fullAnswer(advice, random);
  return lot < 0.75 ? middlingAnswer(advice, random) : core(advice);
}

function draftPrompt(department: Department, outsideId: string, random: Random): DemoPrompt {
  const topic = pickTopic(department, random);
  const intent = random.pick(demoIntents);
  const advice = drawAdvice(topic, intent, random);
  return {
    outsideId,
    department,
    intent,
    turns: [{ role: 'patient', text: askAbout(topic, intent, random) }],
    reference: core(advice),
    candidates: gradedCandidates(advice, random),
  };
}

function pickTopic(department: Department, random: Random): Topic {
  const known = topics.filter((topic) => topic.department === department);
  return random.pick(known.slice(0, COMPLAINTS_PER_DEPARTMENT));
}

export type { DemoCandidate, DemoData, DemoPrompt, DemoQuality, DemoRecord } from './demo-data.js';
