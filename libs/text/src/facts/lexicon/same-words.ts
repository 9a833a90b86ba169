/** Words for one thing, so that 饮酒 and 喝酒, 发烧 and 发热 are seen as one. */
const SAME_WORDS: readonly (readonly [pattern: string, word: string])[] = [
  ['饮', '喝'],
  ['食用|进食|服用|使用|应用|食|服|用', '吃'],
  ['发热', '发烧'],
  ['疼', '痛'],
  ['抠|挠|搔', '抓'],
  ['接触|沾|触', '碰'],
  ['驾驶|驾车', '开车'],
  ['性生活|房事', '同房'],
  ['管', '处理'],
  ['抽烟|吸烟', '烟'],
  ['紧张|焦虑|害怕|着急|瞎想|多想|忧虑|怕', '担心'],
];
const WORDS = new RegExp(SAME_WORDS.map(([pattern]) => `(${pattern})`).join('|'), 'gu');

export function inOneWord(text: string): string {
  return text.replace(WORDS, (word: string, ...groups: (string | undefined)[]) => {
    const at = groups.slice(0, SAME_WORDS.length).findIndex((group) => group !== undefined);
    return SAME_WORDS[at]?.[1] ?? word;
  });
}
