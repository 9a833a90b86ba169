import { sftRow, type ChatMessage, type DataSet, type RunConfig, type SftRow } from '@qingnang/contracts';
import { createRandom } from '@qingnang/kernel';
import { openModel } from '../checkpoint/model-folder.js';
import { encodeSftRow } from '../data/encode-rows.js';
import { readRows, type SnapshotFolder } from '../data/snapshot-folder.js';
import { generate } from '../generate/generate.js';
import type { EncodedExample } from '../interfaces.js';
import type { Model } from '../model/model.js';
import { modelFrom } from '../run/learner-model.js';
import { heldOutFigures, type HeldOutFigures } from '../sft/held-out-figures.js';
import { loadTokenizer, type Tokenizer } from '../tokenizer/tokenizer.js';

/** Held-out rows of one data set, or of all. */
export interface HeldOutRows {
  name: DataSet | 'all';
  rows: { row: SftRow; example: EncodedExample }[];
}

export interface ArmMeasures {
  /** By name of the held-out rows. */
  figures: Record<string, HeldOutFigures>;
  answers: { row: string; dataSet: DataSet; question: string; reference: string; answer: string }[];
}

/** The validation rows, or the test rows where there are none, `all` first and then each data set that has some. */
export async function heldOutByDataSet(
  snapshot: SnapshotFolder,
  tokenizer: Tokenizer,
  { sequence_length: length, data }: RunConfig,
): Promise<HeldOutRows[]> {
  const read = async (split: 'validation' | 'test'): Promise<HeldOutRows['rows']> => {
    const rows: HeldOutRows['rows'] = [];
    for await (const row of readRows(snapshot, split, sftRow)) {
      const example = encodeSftRow(tokenizer, row, length, data.truncate);
      if (typeof example !== 'string') rows.push({ row, example });
    }
    return rows;
  };
  const validation = await read('validation');
  const all = validation.length > 0 ? validation : await read('test');
  const names = [...new Set(all.map(({ row }) => row.data_set))].sort();
  return [
    { name: 'all', rows: all },
    ...names.map((name) => ({ name, rows: all.filter(({ row }) => row.data_set === name) })),
  ];
}

/** Loss by data set, and the likeliest replies to the same questions for every arm. */
export async function measureArm(
  folder: string,
  heldOut: readonly HeldOutRows[],
  samples: number,
): Promise<ArmMeasures> {
  const model = modelFrom(await openModel(folder), 'none');
  const tokenizer = await loadTokenizer(folder);
  const figures = Object.fromEntries(
    heldOut.map(({ name, rows }) => [
      name,
      heldOutFigures(
        model,
        rows.map(({ example }) => example),
      ),
    ]),
  );
  const answers = chosenRows(heldOut, samples).map(({ row }) => {
    const [question, reference] = firstExchange(row);
    return {
      row: row.id,
      dataSet: row.data_set,
      question: question.map(({ content }) => content).join('\n'),
      reference,
      answer: answerTo(model, tokenizer, question),
    };
  });
  return { figures, answers };
}

/** From the data sets in turn, so that each is heard. */
function chosenRows(heldOut: readonly HeldOutRows[], count: number): HeldOutRows['rows'] {
  const sets = heldOut.filter(({ name }) => name !== 'all').map(({ rows }) => rows);
  const longest = Math.max(0, ...sets.map((rows) => rows.length));
  const inTurn = Array.from({ length: longest }, (_turn, n) => sets.flatMap((rows) => rows[n] ?? []));
  return inTurn.flat().slice(0, count);
}

/** What comes before the first reply, and that reply. */
function firstExchange({ messages }: SftRow): [question: ChatMessage[], reference: string] {
  const at = messages.findIndex(({ role }) => role === 'assistant');
  return [messages.slice(0, at), messages[at]?.content ?? ''];
}

const LONGEST_ANSWER = 256;

function answerTo(model: Model, tokenizer: Tokenizer, question: readonly ChatMessage[]): string {
  const prompt = tokenizer.encodePrompt(question);
  const room = model.config.contextLength - prompt.length;
  if (room < 1) return '';
  const settings = { maxNewTokens: Math.min(LONGEST_ANSWER, room), temperature: 0 };
  const [said] = generate(model, [prompt], settings, createRandom(0));
  return tokenizer.decode([...said!.ids]);
}
