import { characterGrams, jaccard } from '@qingnang/text';

/** Questions that share this much of their character 5-grams are one question, reworded. */
const NEAR = 0.6;
const GRAM = 5;
/** A gram in more questions than this says nothing about any of them (您好，请问…). */
const COMMON = 2_000;

export type Leak = 'in_evaluation_exact' | 'in_evaluation_near';

/** Questions that models are evaluated with, to be found again in what they would be trained on. */
export class LeakIndex {
  private readonly hashes = new Set<string>();
  private readonly questions: Set<string>[] = [];
  private readonly byGram = new Map<string, number[]>();
  /** Zeros between two searches: counting in a map of numbers was most of a search. */
  private counts = new Uint32Array();

  /** Whether there is nothing to be found. */
  get empty(): boolean {
    return this.questions.length === 0;
  }

  add(question: string, questionHash: string | null): void {
    if (questionHash !== null) this.hashes.add(questionHash);
    const grams = characterGrams(question, GRAM);
    const at = this.questions.push(grams) - 1;
    for (const gram of grams) {
      const holders = this.byGram.get(gram);
      if (!holders) this.byGram.set(gram, [at]);
      else if (holders.length < COMMON) holders.push(at);
    }
  }

  find(question: string, questionHash: string | null): Leak | null {
    if (questionHash !== null && this.hashes.has(questionHash)) return 'in_evaluation_exact';
    if (this.empty) return null;
    const grams = characterGrams(question, GRAM);
    // The shared grams bound the similarity from above, so most pairs are never compared.
    const near = this.sharing(grams, NEAR * grams.size).some((at) => jaccard(grams, this.questions[at]!) >= NEAR);
    return near ? 'in_evaluation_near' : null;
  }

  /** Questions that have at least so many of these grams, of those that say something. */
  private sharing(grams: ReadonlySet<string>, least: number): number[] {
    if (this.counts.length < this.questions.length) this.counts = new Uint32Array(this.questions.length);
    const met: number[] = [];
    for (const gram of grams) {
      for (const at of this.byGram.get(gram) ?? []) {
        if (this.counts[at] === 0) met.push(at);
        this.counts[at]! += 1;
      }
    }
    const found = met.filter((at) => this.counts[at]! >= least);
    for (const at of met) this.counts[at] = 0;
    return found;
  }
}
