/** Phrases that are kindness and not medicine: counted as friendliness, left out when contents are compared. */
export const politePhrases: readonly string[] = [
  '您好',
  '祝您早日康复',
  '祝您健康',
  '希望对您有帮助',
  '感谢您的咨询',
  '谢谢您的信任',
  '请放心',
  '别太担心',
  '理解您的心情',
  '欢迎随时',
  'hello',
  'thank you',
  'please',
  'get well soon',
  'i understand',
  'happy to help',
  'take care',
];

/** Words no doctor should say to a patient. */
export const rudePhrases: readonly string[] = [
  '别烦',
  '别问',
  '也要问',
  '自己看着办',
  '自己去查',
  '随便',
  '大惊小怪',
  '啰嗦',
  '懒得',
  '没空',
  'stop asking',
  'whatever',
  'look it up yourself',
  'not my problem',
];

/** Words that fill a line and say nothing. */
export const vaguePhrases: readonly string[] = [
  '不好说',
  '说不清',
  '都有可能',
  '看情况',
  '再看看吧',
  '情况很多',
  '因人而异',
  'hard to say',
  'it depends',
  'who knows',
];

/** Words that show an order to follow. */
export const structureMarkers: readonly string[] = [
  '首先',
  '其次',
  '另外',
  '同时',
  '最后',
  '一是',
  '二是',
  'first',
  'second',
  'finally',
  'also',
];

/** How many different phrases of the list stand in the text; case does not matter. */
export function countPhrases(text: string, phrases: readonly string[]): number {
  const lower = text.toLowerCase();
  return phrases.filter((phrase) => lower.includes(phrase)).length;
}

/** The text without its courtesies and order words. */
export function withoutCourtesy(text: string): string {
  let rest = text.toLowerCase();
  for (const phrase of [...politePhrases, ...structureMarkers]) rest = rest.replaceAll(phrase, '');
  return rest;
}
