import { DomainError } from '@qingnang/kernel';

/** A whole file that cannot be read as it is, as opposed to single rows that are refused. */
export class UnreadableFile extends DomainError {
  constructor(
    code:
      | 'file_empty'
      | 'no_rows'
      | 'not_text'
      | 'layout_unknown'
      | 'mapping_incomplete'
      | 'mapping_unknown_column'
      | 'header_unreadable',
    detail: string,
    field?: string,
  ) {
    super({ code: `import.${code}`, status: 422, detail, ...(field === undefined ? {} : { field }) });
  }
}

export function emptyFile(): UnreadableFile {
  return new UnreadableFile('file_empty', 'The file is empty; choose another one.');
}
