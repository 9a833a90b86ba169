const LABEL =
  /^\s*(疾病诊断|疾病|药品|就诊时间|就诊患者|就诊地点|病情描述|希望获得的帮助|患病多久|已就诊医院及科室|过敏史|既往病史|用药情况|怀孕情况|病情摘要及初步印象|总结建议)[：:]?\s*/u;
const EMPTY =
  /^(无|没有|不详|一周内|一月内|半年内|大于半年|未怀孕|[.。]+)$|已经?(在|提供)|医生意见|感谢|不胜感激|耐心解答|帮忙看|填写/u;
const SALUTATION = /^.{0,4}(医生|大夫|主任|教授)?[，,！!]?[您你]好[，,！!]?(医生|大夫)?[，,]?|^(医生|大夫)[，,]/u;

/**
 * A case record or a long question as short statements in their order: without headings, list numbers, parentheses,
 * salutations and thanks. A question keeps its mark.
 */
export function statements(text: string): string[] {
  return text
    .split(/\n/u)
    .map((line) => line.replace(LABEL, ''))
    .flatMap((line) => line.split(/(?<=[？?])|[。！!；;]|(?<!\d)\d{1,2}[.、．](?!\d)/u))
    .map((part) =>
      part
        .replace(/[（(][^）)]*[）)]?/gu, '')
        .trim()
        .replace(SALUTATION, '')
        .trim(),
    )
    .filter((part) => part.length >= 2 && !EMPTY.test(part));
}

/** At most `limit` characters, cut at a comma where there is one. */
export function brief(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit);
  const comma = Math.max(cut.lastIndexOf('，'), cut.lastIndexOf(','), cut.lastIndexOf('、'), cut.lastIndexOf(' '));
  return comma > 3 ? cut.slice(0, comma) : cut;
}
