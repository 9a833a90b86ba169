import { familyTopics } from './family-topics.js';
import { medicalTopics } from './medical-topics.js';
import { surfaceTopics } from './surface-topics.js';
import { surgicalTopics } from './surgical-topics.js';
import type { Topic } from './topic.js';

/** Six complaints for each of the twenty departments. */
export const topics: readonly Topic[] = [...medicalTopics, ...surgicalTopics, ...familyTopics, ...surfaceTopics];

const byNameLength = [...topics].sort((a, b) => b.name.length - a.name.length);

/** Whether the text names it without denying it: 无痛经 and 不咳嗽 don't count. */
function names(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1))
    if (!/[不无没未非]有?$/u.test(text.slice(0, at))) return true;
  return false;
}

/** The complaint a text is about: the longest name found in it, the department given preferred; else `null`. */
export function findTopic(text: string, department?: string | null): Topic | null {
  const found = byNameLength.filter((candidate) => names(text, candidate.name));
  return found.find((candidate) => candidate.department === department) ?? found[0] ?? null;
}
