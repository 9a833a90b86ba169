import { sayInEnglish, type ImportSentence, type Said, type SentenceFacts } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';

type UnreadableCode =
  | 'encoding_unknown'
  | 'file_empty'
  | 'no_rows'
  | 'not_text'
  | 'layout_unknown'
  | 'mapping_incomplete'
  | 'mapping_unknown_column'
  | 'header_unreadable';

type UnreadableParts = [code: UnreadableCode, say: ImportSentence, facts?: SentenceFacts, field?: string];

/** A whole file that cannot be read as it is, as opposed to single rows that are refused. */
export class UnreadableFile extends DomainError {
  readonly said: Said;
  /** What it was made of, to be made again where it arrives: an error that crosses to another thread loses its class. */
  readonly parts: UnreadableParts;

  constructor(...parts: UnreadableParts) {
    const [code, say, facts = {}, field] = parts;
    const detail = sayInEnglish(say, facts);
    super({ code: `import.${code}`, status: 422, detail, ...(field === undefined ? {} : { field }) });
    this.said = { say, facts };
    this.parts = parts;
  }
}

export function emptyFile(): UnreadableFile {
  return new UnreadableFile('file_empty', 'file_empty');
}
