import { sayInEnglish, type ImportSentence, type Said, type SentenceFacts } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';

/** A whole file that cannot be read as it is, as opposed to single rows that are refused. */
export class UnreadableFile extends DomainError {
  readonly said: Said;

  constructor(
    code:
      | 'encoding_unknown'
      | 'file_empty'
      | 'no_rows'
      | 'not_text'
      | 'layout_unknown'
      | 'mapping_incomplete'
      | 'mapping_unknown_column'
      | 'header_unreadable',
    say: ImportSentence,
    facts: SentenceFacts = {},
    field?: string,
  ) {
    const detail = sayInEnglish(say, facts);
    super({ code: `import.${code}`, status: 422, detail, ...(field === undefined ? {} : { field }) });
    this.said = { say, facts };
  }
}

export function emptyFile(): UnreadableFile {
  return new UnreadableFile('file_empty', 'file_empty');
}
