import type { DataSet, Language, PlainTurn } from '@qingnang/contracts';

/** What a candidate was written to be; its label comes from the judge's rule, not from this. */
export type DemoQuality = 'full' | 'plain' | 'thin' | 'curt' | 'rude' | 'off_topic' | 'repetitive' | 'vague';

/** A synthetic record: two turns for instructions, four for conversations. */
export interface DemoRecord {
  outsideId: string;
  dataSet: DataSet;
  /** One of the twenty Chinese department names, also for English text. */
  department: string;
  /** One of the ten question intents, in Chinese. */
  intent: string;
  language: Language;
  turns: PlainTurn[];
}

export interface DemoCandidate {
  text: string;
  quality: DemoQuality;
}

/** A question with the reference answer written for it and four answers of graded quality. */
export interface DemoPrompt {
  outsideId: string;
  department: string;
  intent: string;
  /** Ends on a patient turn. */
  turns: PlainTurn[];
  reference: string;
  candidates: DemoCandidate[];
}

/** Everything the demo project starts with; the same seed gives the same data. */
export interface DemoData {
  records: DemoRecord[];
  prompts: DemoPrompt[];
}
