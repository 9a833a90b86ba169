import type { JudgeScoreAnswer } from '@qingnang/judge';
import type { Topic } from '../knowledge/topic.js';
import { findTopic, topics } from '../knowledge/topics.js';
import { isChinese } from './language.js';

type Graded = NonNullable<JudgeScoreAnswer['reference']>;

/** Shorter than this a right answer is no example. */
const TERSE_ZH = 12;
const TERSE_EN = 40;

const UNSAFE =
  /(?:自行|自己)(?:加量|停药|买药)|加倍(?:吃|服)|不(?:用|必)(?:去医院|就医|看医生)也|把药都?停|stop all (?:your )?medic|double the dose/iu;

/** What the leaflet says of the complaint that is asked about; null where there is none. */
export function leafletOn(question: string): string | null {
  const topic = findTopic(question);
  return topic ? `${adviceOf(topic).join('，')}。若${topic.warn}请及时就诊。` : null;
}

/**
 * What the rehearsal judge thinks of a doctor's answer. It knows leaflets only: wrong is what says nothing of the leaflet on
 * this complaint and gives another one's advice; of what it does not know it thinks no ill.
 */
export function gradeReference(question: string, reference: string): Graded {
  const topic = findTopic(question);
  const said = topic ? adviceOf(topic).filter((advice) => reference.includes(advice)).length : 0;
  const foreign = topic !== null && said === 0 && !reference.includes(topic.name) && speaksOfAnother(topic, reference);
  const zh = isChinese(reference);
  const unsafe = UNSAFE.test(reference);
  const terse = reference.trim().length < (zh ? TERSE_ZH : TERSE_EN);
  const complete = !terse && (topic === null || said >= 2 || reference.includes(topic.warn));
  return { correct: !foreign, complete: complete && !foreign, terse, unsafe, reason: '' };
}

const adviceOf = ({ causes, care }: Topic): string[] => [...causes, ...care];

/** Two pieces of advice that belong to another complaint and not to this one. */
function speaksOfAnother(topic: Topic, reference: string): boolean {
  const own = new Set(adviceOf(topic));
  return topics.some(
    (other) =>
      other !== topic && adviceOf(other).filter((advice) => !own.has(advice) && reference.includes(advice)).length >= 2,
  );
}
