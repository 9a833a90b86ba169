/**
 * What a reading of a file has to say to a person, in both languages of the product. A sentence is kept as its name and
 * its facts, so that each reader gets it in their own language; facts are numbers, names of columns and the like, never
 * words of a row.
 */
export const importSentencesEn = {
  // A whole file.
  file_kind: 'This is no text but %{kind}; save or unpack it as CSV or JSON first.',
  not_text: 'This is no text file; save it as CSV or JSON first.',
  encoding_unknown:
    'The encoding is not known: neither UTF-8, GB18030 (GBK) nor UTF-16. Save the file as UTF-8 and send it again.',
  file_empty: 'The file is empty; choose another one.',
  no_rows: 'The file holds no rows; there is nothing to import.',
  layout_unknown:
    'No known layout; the first line begins: %{line}. Turn it into a table, JSON or JSON Lines, or say yourself how to read it.',
  json_no_record:
    'No record could be read from the start of this JSON file, which begins: %{line}. It must be a list of objects or one object a line.',
  mapping_incomplete: 'Say which column holds the patient’s question.',
  mapping_twice: 'One column cannot be both question and answer.',
  mapping_unknown_column: 'The file has no column “%{column}”, which was given for %{role}.',
  header_unreadable: 'The first line cannot be read as names of columns: its quotation marks do not match.',
  all_rejected: 'Nothing was taken: all %{count} rows were refused. See the reasons below, then import the file again.',
  // One row.
  open_quote:
    'A quotation mark opened in this row is not closed before line %{line}; remove it, or close it and double the marks inside.',
  text_after_quote:
    'Text follows a closing quotation mark; put the whole cell in quotation marks and double those inside.',
  lone_quote: 'A quotation mark stands alone in this row, close to another that is never closed.',
  swallowed_rows:
    'Lines %{line} to %{last} stand between two quotation marks but each looks like a row of its own; remove the stray marks.',
  cut_off_quote: 'The file ends inside a quotation mark opened in this row; it was cut off.',
  too_long: 'The row is longer than %{limit} characters.',
  cells: 'The row has %{cells} cells, the header %{header}.',
  repeated_header: 'The header stands here once more; files were probably joined.',
  json_syntax: 'The record is no valid JSON (at line %{line}, character %{column}).',
  json_line_break:
    'A line break stands inside a text on line %{line}; JSON wants it written as \\n there, in the file or by the program that wrote it.',
  json_unclosed: 'The record is not closed before line %{line}; a bracket or quotation mark is missing.',
  json_cut_off: 'The file ends inside its list; it was cut off.',
  json_trailing: 'The file goes on after the closing bracket of its list.',
  too_deep: 'The record is nested deeper than %{limit} levels.',
  not_an_object: 'The record is no object with named fields.',
  preference_pair:
    'This is a preference pair, no consultation. To take the better answer as a record, name “%{column}” as the column of the answer.',
  field_text: 'The field holds something else than a text or a list of one text.',
  field_texts: 'The field holds something else than a list of texts.',
  field_pairs: 'The field holds something else than a list of [patient, doctor] pairs of texts.',
  field_turns: 'The field holds something else than a list of turns, each with its speaker and its text.',
  field_id: 'The id is longer than %{limit} characters.',
  second_shape: 'The record has another shape than the rest of the file; import such records on their own.',
  no_speaker: 'A line of the dialogue does not start with its speaker (问： or 答：).',
  missing_turn_field: 'A turn has no speaker or no text.',
  unknown_role: 'A turn is by somebody who is neither patient, doctor nor system.',
  speakers_unclear:
    'Marks of speakers (such as 问： and 答：) stand inside a text but do not alternate; split the dialogue into turns.',
  undecodable: 'The row holds %{character}: text was lost in it, or it is in another encoding than the file.',
  empty_question: 'The patient says nothing in this row.',
  // One row, by what the corpus holds.
  id_known:
    'This source has said something else under the same id. Import the file again and choose to keep both, or to replace, if the row is a newer text of the same consultation.',
  id_ambiguous:
    'This id stands for several records of the source, so nobody can tell which of them changed. Choose to keep both, or give the rows ids of their own.',
  withdrawn: 'This text was withdrawn here before and is not taken again.',
} as const;

export type ImportSentence = keyof typeof importSentencesEn;

export const importSentencesZh: Record<ImportSentence, string> = {
  file_kind: '这不是文本，而是 %{kind} 文件，请先另存或解压为 CSV 或 JSON。',
  not_text: '这不是文本文件，请先另存为 CSV 或 JSON。',
  encoding_unknown: '认不出文件的编码：不是 UTF-8、GB18030（GBK），也不是 UTF-16。请另存为 UTF-8 后重新上传。',
  file_empty: '文件是空的，请换一个。',
  no_rows: '文件里没有数据行，没有可导入的内容。',
  layout_unknown: '不是已知的结构，第一行开头是：%{line}。请转成表格、JSON 或 JSON Lines，或自己指定怎么读。',
  json_no_record: '这个 JSON 文件开头读不出记录，它以此开头：%{line}。应当是对象的列表，或每行一个对象。',
  mapping_incomplete: '请指明哪一列是患者的问题。',
  mapping_twice: '同一列不能既是问题又是答复。',
  mapping_unknown_column: '文件里没有“%{column}”这一列（指定给 %{role}）。',
  header_unreadable: '第一行的引号不配对，读不出列名。',
  all_rejected: '一条也没有收下：%{count} 行全部被拒。请看下面的原因，改好后再导入。',
  open_quote: '这一行打开的引号到第 %{line} 行之前没有关上；请删掉它，或补上并把里面的引号写成两个。',
  text_after_quote: '引号关上之后还有文字；请把整格放进引号，里面的引号写成两个。',
  lone_quote: '这一行有一个单独的引号，附近还有没关上的引号。',
  swallowed_rows: '第 %{line} 到 %{last} 行夹在两个引号之间，但每一行看起来都是单独的一条；请删掉多余的引号。',
  cut_off_quote: '这一行打开的引号到文件结尾都没有关上，文件被截断了。',
  too_long: '这一行超过 %{limit} 个字符。',
  cells: '这一行有 %{cells} 格，表头有 %{header} 格。',
  repeated_header: '这里又出现一次表头，多半是几个文件拼在一起。',
  json_syntax: '这条记录不是正确的 JSON（第 %{line} 行第 %{column} 个字符）。',
  json_line_break: '第 %{line} 行的文字里有直接换行，JSON 里要写成 \\n；请修改文件或导出它的程序。',
  json_unclosed: '这条记录到第 %{line} 行之前没有结束，少了括号或引号。',
  json_cut_off: '文件在列表中间结束，被截断了。',
  json_trailing: '列表的右括号之后还有内容。',
  too_deep: '这条记录的嵌套超过 %{limit} 层。',
  not_an_object: '这条记录不是带字段名的对象。',
  preference_pair: '这是偏好对，不是问诊。想把较好的回答收作记录，请把“%{column}”指定为答复列。',
  field_text: '这个字段应当是一段文字，或只含一段文字的列表。',
  field_texts: '这个字段应当是文字的列表。',
  field_pairs: '这个字段应当是 [患者, 医生] 成对文字的列表。',
  field_turns: '这个字段应当是多轮对话的列表，每轮有说话人和文字。',
  field_id: '编号超过 %{limit} 个字符。',
  second_shape: '这条记录与文件里其他记录的结构不同，请单独导入。',
  no_speaker: '对话里有一句没有写明说话人（问： 或 答：）。',
  missing_turn_field: '有一轮没有说话人或没有文字。',
  unknown_role: '有一轮的说话人既不是患者、医生，也不是系统。',
  speakers_unclear: '文字里夹着说话人标记（如 问：、答：），但没有一问一答地交替；请先拆成多轮。',
  undecodable: '这一行含有 %{character}：有文字丢失，或这一行与文件的编码不同。',
  empty_question: '这一行里患者没有说话。',
  id_known: '这个编号在该来源下登记过，内容不同。如果这一行是同一次问诊的新文本，请重新导入并选择“两条都留”或“替换”。',
  id_ambiguous: '这个编号在该来源下对应多条记录，分不清是哪一条变了。请选择“两条都留”，或给每一行单独的编号。',
  withdrawn: '这段文字以前撤回过，不再收。',
};

/** What stands in the places of a sentence. */
export type SentenceFacts = Record<string, string | number>;

/** A sentence in English, for logs, downloads and programs. */
export function sayInEnglish(say: ImportSentence, facts: SentenceFacts = {}): string {
  return fillSentence(importSentencesEn[say], facts);
}

/** Puts facts into a template's `%{name}` places. */
export function fillSentence(template: string, facts: SentenceFacts): string {
  return template.replace(/%\{(\w+)\}/gu, (place, name: string) => String(facts[name] ?? place));
}
