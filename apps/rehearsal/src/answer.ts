import { canonicalJson, createRandom, sha256, type Random } from '@qingnang/kernel';
import { judgePairMaterial, judgeScoreMaterial } from '@qingnang/judge';
import {
  fence,
  FENCE_END,
  FENCE_START,
  openFence,
  rehearsalTasks,
  type RehearsalTask,
  type SpokenTurn,
} from '@qingnang/llm';
import { polishMaterial } from '@qingnang/polish';
import {
  chatReply,
  classify,
  classifyMaterial,
  doctorMaterial,
  doctorReply,
  instructMaterial,
  instructTriplets,
  judgePair,
  judgeScores,
  patientMaterial,
  patientReply,
  polishTurns,
} from '@qingnang/rehearsal';
import type { z } from 'zod';
import type { PlainMessage } from './request.js';

/** The request is not in the form that `rehearsalTasks` describes; answered with 400. */
export class ProtocolError extends Error {}

export interface AnswerInput {
  task: RehearsalTask;
  messages: readonly PlainMessage[];
  /** Mixed of the server's seed, the request's seed and the index of the choice. */
  seed: number;
  /** Play a model that follows orders it finds outside the fence, so that tests see whether text leaks there. */
  obeysInjections: boolean;
}

/** The task a model name asks for, `null` for names that are not of the rehearsal model. */
export function taskOf(model: string): RehearsalTask | null {
  return rehearsalTasks.find((task) => model === `rehearsal-${task}`) ?? null;
}

/** One seed for everything an answer depends on. */
export function mixSeed(...parts: readonly unknown[]): number {
  return Number.parseInt(sha256(canonicalJson(parts)).slice(0, 8), 16);
}

const ORDER = /(?:忽略|无视).{0,12}(?:指令|要求|规则|提示).{0,12}(?:回复|输出|只说|回答)[：:]?\s*(.+)/u;
const ORDER_EN = /ignore .{0,30}instructions.{0,30}(?:say|reply|answer|output)[:\s]+(.+)/iu;

function injectedOrder(messages: readonly PlainMessage[]): string | null {
  for (const { role, text } of messages) {
    if (role !== 'user') continue;
    const outside = openFence(text)?.outside ?? text;
    const order = ORDER.exec(outside)?.[1] ?? ORDER_EN.exec(outside)?.[1];
    if (order) return order.trim();
  }
  return null;
}

function parse<Schema extends z.ZodType>(schema: Schema, inside: string): z.infer<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(inside);
  } catch {
    throw new ProtocolError(`Between ${FENCE_START} and ${FENCE_END} stands no valid JSON.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const at = parsed.error.issues[0]!;
  throw new ProtocolError(`The material's ${at.path.join('.') || 'root'} does not fit this task: ${at.message}.`);
}

/** The text the model answers with. Throws `ProtocolError` when the material is missing or of the wrong shape. */
export function answer({ task, messages, seed, obeysInjections }: AnswerInput): string {
  const order = obeysInjections ? injectedOrder(messages) : null;
  if (order !== null) return order;
  const last = messages.findLast((message) => message.role === 'user')?.text ?? '';
  const random = createRandom(seed);
  const inside = openFence(last)?.inside ?? bare(task, messages, last);
  return answers[task](inside, last, seed, random);
}

/** Stands in for a fence in the tasks that can do without one. */
function bare(task: RehearsalTask, messages: readonly PlainMessage[], last: string): string {
  const inner = (material: unknown): string => openFence(fence(material))!.inside;
  const system = messages.find((message) => message.role === 'system')?.text ?? '';
  const dialogue = (mine: SpokenTurn['role'], theirs: SpokenTurn['role']): SpokenTurn[] =>
    messages
      .filter((message) => message.role !== 'system')
      .map(({ role, text }) => ({ role: role === 'assistant' ? mine : theirs, text }));
  switch (task) {
    case 'chat':
    case 'polish':
      return '';
    case 'doctor':
      return inner({ turns: dialogue('doctor', 'patient') });
    case 'patient':
      return inner({ case: system || last || '身体不适', turns: dialogue('patient', 'doctor').slice(1) });
    default:
      throw new ProtocolError(`Put the material of rehearsal-${task} between ${FENCE_START} and ${FENCE_END}.`);
  }
}

const answers: Record<RehearsalTask, (inside: string, last: string, seed: number, random: Random) => string> = {
  polish: (inside, last, seed) =>
    inside === ''
      ? polishTurns([{ n: 0, role: 'doctor', text: last }], seed)[0]!.text
      : JSON.stringify({ turns: polishTurns(parse(polishMaterial, inside).turns, seed) }),
  judge: (inside) =>
    JSON.stringify(
      /"candidates"\s*:/u.test(inside)
        ? judgeScores(parse(judgeScoreMaterial, inside))
        : judgePair(parse(judgePairMaterial, inside)),
    ),
  patient: (inside, _last, _seed, random) => patientReply(parse(patientMaterial, inside), random),
  doctor: (inside, _last, _seed, random) => doctorReply(parse(doctorMaterial, inside), random),
  instruct: (inside, _last, _seed, random) => JSON.stringify(instructTriplets(parse(instructMaterial, inside), random)),
  classify: (inside) => {
    const { turns } = parse(classifyMaterial, inside);
    const said = (role: string): string => turns.flatMap((turn) => (turn.role === role ? [turn.text] : [])).join('\n');
    return JSON.stringify(classify(said('patient'), said('doctor')));
  },
  chat: (_inside, last, _seed, random) => chatReply(last, random),
};
