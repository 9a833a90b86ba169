import type { Turn } from '@qingnang/contracts';
import {
  type AnswerForm,
  estimateTokens,
  fence,
  type LlmRequestBody,
  type PromptVersionEntity,
  readJsonAnswer,
  renderTemplate,
  UnparsableAnswerError,
} from '@qingnang/llm';
import { polishAnswer } from './wire.js';

export interface PolishSubject {
  department: string | null;
  turns: readonly Turn[];
  /** The turn to be polished alone, or -1 for the whole dialogue in one answer. */
  turnN: number;
}

/** Tokens an answer may run to beside four times the doctor's own: a curt answer grows most. */
const OUTPUT_BASE = 256;
const OUTPUT_FACTOR = 4;
const OUTPUT_LIMIT = 4096;

/** The question to the model. Dialogues go in fenced as material, so that no patient's words read as an instruction. */
export function polishRequest(prompt: PromptVersionEntity, houseStyle: string, subject: PolishSubject): LlmRequestBody {
  const { systemText, userText, settings } = prompt;
  const asked = subject.turns.filter((turn) => isAsked(turn, subject.turnN));
  const values: Record<string, string> = {
    house_style: houseStyle,
    department: subject.department ?? '',
    material: fence({
      department: subject.department,
      turns: subject.turns.map(({ n, role, text }) => ({ n, role, text })),
    }),
    ...(subject.turnN >= 0 ? { doctor_turn: asked[0]?.text ?? '' } : {}),
  };
  const spoken = asked.reduce((sum, turn) => sum + estimateTokens(turn.text), 0);
  const system = renderTemplate(systemText, values).trim();
  return {
    messages: [
      ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user', content: renderTemplate(userText, values) },
    ],
    settings: {
      temperature: settings.temperature,
      maxOutputTokens: Math.min(settings.maxOutputTokens ?? OUTPUT_LIMIT, OUTPUT_BASE + OUTPUT_FACTOR * spoken),
      ...(settings.answer === 'json' ? { json: true } : {}),
    },
  };
}

function isAsked(turn: Pick<Turn, 'n' | 'role'>, turnN: number): boolean {
  return turn.role === 'doctor' && (turnN < 0 || turn.n === turnN);
}

/** Texts of doctor's turns by their number. */
export type PolishedTurns = ReadonlyMap<number, string>;

/** How a polish is read: every doctor's turn that was asked about must come back exactly once, with words in it. */
export function polishForm(turns: readonly Turn[], turnN: number): AnswerForm<PolishedTurns> {
  const asked = turns.filter((turn) => isAsked(turn, turnN));
  return {
    read: (answer) => {
      const texts = turnN >= 0 ? new Map([[turnN, tidy(answer)]]) : readTurns(answer);
      if (texts.size !== asked.length || asked.some(({ n }) => !texts.get(n))) {
        throw new UnparsableAnswerError(
          `The answer holds ${texts.size} turns where ${asked.length} doctor's turns were asked for, or one of them is empty.`,
        );
      }
      return texts;
    },
    words: (texts) => asked.map(({ n, text }) => ({ text: texts.get(n)!, madeFrom: text })),
  };
}

/** The polished dialogue: the doctor's turns as answered, all else as it was. */
export function polishedDialogue(turns: readonly Turn[], texts: PolishedTurns): Pick<Turn, 'n' | 'role' | 'text'>[] {
  return turns.map(({ n, role, text }) => ({ n, role, text: texts.get(n) ?? text }));
}

function readTurns(answer: string): Map<number, string> {
  const texts = new Map<number, string>();
  for (const { n, text } of readJsonAnswer(answer, polishAnswer).turns) {
    if (texts.has(n)) throw new UnparsableAnswerError(`The answer holds turn ${n} twice.`);
    texts.set(n, tidy(text));
  }
  return texts;
}

/** What cannot be stored (halves of surrogate pairs, NUL) goes, and white space at the ends. */
function tidy(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\p{Surrogate}|\u0000/gu, '').trim();
}
