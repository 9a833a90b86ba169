import type { PreferenceRow, SftRow } from '@qingnang/contracts';

/** One conversation as LLaMA-Factory and FastChat read it (formats.md §2). */
export interface ShareGptRow {
  id: string;
  conversations: { from: 'human' | 'gpt'; value: string }[];
  system?: string;
  chosen?: { from: 'gpt'; value: string };
  rejected?: { from: 'gpt'; value: string };
  /** Where it came from; loaders ignore what they do not know. */
  origin: Record<string, unknown>;
}

/**
 * A row of a snapshot as ShareGPT, or null where the format's rule (human and gpt by turns, human first, ending on gpt,
 * or on human before a pair) does not allow the dialogue: a loader would drop it without a word.
 */
export function toShareGpt(row: SftRow | PreferenceRow): ShareGptRow | null {
  const messages = 'messages' in row ? row.messages : row.prompt;
  const system = messages[0]?.role === 'system' ? messages[0].content : undefined;
  const turns = messages.slice(system === undefined ? 0 : 1);
  const alternate = turns.every((turn, i) => turn.role === (i % 2 === 0 ? 'user' : 'assistant'));
  const endsRight = turns.length % 2 === ('messages' in row ? 0 : 1);
  if (!alternate || !endsRight || turns.length === 0) return null;
  const conversations = turns.map((turn) => ({
    from: turn.role === 'user' ? ('human' as const) : ('gpt' as const),
    value: turn.content,
  }));
  return {
    id: row.id,
    conversations,
    ...(system === undefined ? {} : { system }),
    ...('messages' in row
      ? {}
      : {
          chosen: { from: 'gpt' as const, value: row.chosen },
          rejected: { from: 'gpt' as const, value: row.rejected },
        }),
    origin: {
      data_set: row.data_set,
      department: row.department,
      language: row.language,
      source: row.source,
      licence: row.licence,
      model: row.model,
      prompt_version: row.prompt_version,
      rehearsal: row.rehearsal,
    },
  };
}
