import type { EntityManager } from 'typeorm';
import type {
  AllowedUse,
  ChatMessage,
  PreferenceRow,
  PromptRow,
  SftRow,
  SnapshotKind,
  Split,
  Turn,
} from '@qingnang/contracts';
import type { Written } from './select-items.js';

export type Row = SftRow | PreferenceRow | PromptRow;

interface ItemRow {
  split: Split;
  allowed_use: AllowedUse[];
  weight: number;
  margin: number | null;
  rank_group: string | null;
  evidence: PreferenceRow['evidence'] | null;
  version_id: string | null;
  prompt_id: string | null;
  chosen_id: string | null;
  rejected_id: string | null;
  turn_n: number | null;
  turns: Turn[];
  rehearsal: boolean;
  version_model: string | null;
  prompt_version_id: string | null;
  chosen: string | null;
  rejected: string | null;
  candidate_model: string | null;
  reference: string | null;
  record_id: string;
  group_id: string;
  data_set: Row['data_set'];
  department: string | null;
  language: Row['language'];
  source: string;
  licence: string;
}

const SQL = `select i.split, w.allowed_use, i.weight, i.margin, i.rank_group, i.evidence, i.version_id, i.prompt_id, i.chosen_id,
    i.rejected_id, p.turn_n, v.turns, v.model as version_model, v.prompt_version_id,
    c.text as chosen, j.text as rejected, c.model as candidate_model,
    f.text as reference, i.rehearsal,
    r.id as record_id, i.group_id, r.data_set, r.department, r.language, s.name as source, s.licence
  from snapshot_item i
  join record r on r.id = i.record_id
  join source_set w on w.id = r.source_set_id
  join source s on s.id = w.source_id
  left join prompt p on p.id = i.prompt_id
  join version v on v.id = coalesce(i.version_id, p.version_id)
  left join candidate c on c.id = i.chosen_id
  left join candidate j on j.id = i.rejected_id
  left join reference f on f.id = i.reference_id
  where i.snapshot_id = $1 and i.ordinal >= $2 and i.ordinal < $3 order by i.ordinal`;

/** A row as it stands in a file, with the split it belongs to and what its record may be used for. */
export interface SplitRow {
  split: Split;
  allowedUse: readonly AllowedUse[];
  row: Row;
}

/** The rows of items just written, in their order. */
export async function* rowsOf(
  tx: EntityManager,
  snapshot: { id: string; kind: SnapshotKind },
  items: AsyncIterable<Written>,
): AsyncGenerator<SplitRow[]> {
  for await (const written of items) yield await itemRows(tx, snapshot, written);
}

async function itemRows(
  tx: EntityManager,
  snapshot: { id: string; kind: SnapshotKind },
  { from, to }: Written,
): Promise<SplitRow[]> {
  const items: ItemRow[] = await tx.query(SQL, [snapshot.id, from, to]);
  return items.map((item) => ({
    split: item.split,
    allowedUse: item.allowed_use,
    row: rowOf(snapshot.kind, item),
  }));
}

function rowOf(kind: SnapshotKind, item: ItemRow): Row {
  const base = {
    record_id: item.record_id,
    group_id: item.group_id,
    data_set: item.data_set,
    department: item.department,
    language: item.language,
    source: item.source,
    licence: item.licence,
    prompt_version: item.prompt_version_id,
    weight: item.weight,
    rehearsal: item.rehearsal,
  };
  if (kind === 'sft') {
    const messages = chatMessages(item.turns);
    return { ...base, id: item.version_id!, messages, model: item.version_model };
  }
  const prompt = chatMessages(item.turns.filter((turn) => turn.n <= item.turn_n!));
  const common = { ...base, prompt_id: item.prompt_id!, prompt, reference: item.reference };
  if (kind === 'prompts') return { ...common, id: item.prompt_id!, model: item.version_model };
  return {
    ...common,
    id: `${item.chosen_id}:${item.rejected_id}`,
    model: item.candidate_model,
    chosen: item.chosen!,
    rejected: item.rejected!,
    margin: item.margin,
    rank_group: item.rank_group!,
    evidence: item.evidence!,
  };
}

const ROLES = { system: 'system', patient: 'user', doctor: 'assistant' } as const;

export function chatMessages(turns: readonly Turn[]): ChatMessage[] {
  return turns.map((turn) => ({ role: ROLES[turn.role], content: turn.text }));
}
