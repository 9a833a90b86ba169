import { parentPort } from 'node:worker_threads';
import { compareFacts, type Finding } from '@qingnang/text';

/** What a thread is asked: texts in pairs, original and as handed in. */
export interface Question {
  id: number;
  pairs: readonly (readonly [original: string, text: string])[];
}

export interface Reply {
  id: number;
  findings: Finding[][];
}

parentPort?.on('message', ({ id, pairs }: Question) => {
  const findings = pairs.map(([original, text]) => compareFacts(original, text));
  parentPort?.postMessage({ id, findings } satisfies Reply);
});
