import type { Turn } from '@qingnang/contracts';
import { fence, type LlmRequestBody, polishAnswer, renderTemplate, UnparsableAnswerError } from '@qingnang/llm';
import { estimateTokens, type PromptVersionEntity } from '@qingnang/llm';

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

/**
 * The polished dialogue: the doctor's turns as answered, all else as it was. Every doctor turn must come back exactly once,
 * with words in it.
 * @throws UnparsableAnswerError
 */
export function readPolish(answer: string, turns: readonly Turn[], turnN: number): Pick<Turn, 'n' | 'role' | 'text'>[] {
  const texts = turnN >= 0 ? new Map([[turnN, tidy(answer)]]) : readTurns(answer);
  const asked = turns.filter((turn) => isAsked(turn, turnN)).map((turn) => turn.n);
  if (texts.size !== asked.length || asked.some((n) => !texts.get(n))) {
    throw new UnparsableAnswerError(
      `The answer holds ${texts.size} turns where ${asked.length} doctor's turns were asked for, or one of them is empty.`,
    );
  }
  return turns.map(({ n, role, text }) => ({ n, role, text: texts.get(n) ?? text }));
}

function readTurns(answer: string): Map<number, string> {
  const parsed = polishAnswer.safeParse(readJson(answer));
  if (!parsed.success) throw new UnparsableAnswerError('The answer is not the JSON document that was asked for.');
  const texts = new Map<number, string>();
  for (const { n, text } of parsed.data.turns) {
    if (texts.has(n)) throw new UnparsableAnswerError(`The answer holds turn ${n} twice.`);
    texts.set(n, tidy(text));
  }
  return texts;
}

/** Models like to wrap a document in a code block or a sentence. */
function readJson(answer: string): unknown {
  const start = answer.indexOf('{');
  const end = answer.lastIndexOf('}');
  if (start === -1 || end < start) return null;
  try {
    return JSON.parse(answer.slice(start, end + 1)) as unknown;
  } catch {
    return null;
  }
}

/** What cannot be stored (halves of surrogate pairs, NUL) goes, and white space at the ends. */
function tidy(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\p{Surrogate}|\u0000/gu, '').trim();
}
