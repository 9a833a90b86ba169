import { type LlmItemEntity, type LlmRequestBody, type PromptVersionEntity, renderTemplate } from '@qingnang/llm';

const OUTPUT_LIMIT = 1_024;

const LANGUAGE_RULES = { zh: '用简体中文书写。', en: 'Write everything in English.' };

/** What a prompt's places are filled with, beside what every one may ask for. */
export interface Asking {
  language: 'zh' | 'en';
  houseStyle: string;
  seed: number;
  values: Readonly<Record<string, string>>;
}

/** A prompt with its places filled. */
export function requestOf(prompt: PromptVersionEntity, asking: Asking): LlmRequestBody {
  const { language, houseStyle, seed } = asking;
  const values = { ...asking.values, house_style: houseStyle, language_rule: LANGUAGE_RULES[language] };
  const system = renderTemplate(prompt.systemText, values).trim();
  const { temperature, maxOutputTokens = OUTPUT_LIMIT, answer } = prompt.settings;
  return {
    messages: [
      ...(system === '' ? [] : [{ role: 'system' as const, content: system }]),
      { role: 'user', content: renderTemplate(prompt.userText, values).trim() },
    ],
    settings: { temperature, seed, maxOutputTokens, ...(answer === 'json' ? { json: true } : {}) },
  };
}

/** The same for the same item, so that a question sent twice is the same to the letter; different between items. */
export function seedOf(item: Pick<LlmItemEntity, 'id'>): number {
  return Number.parseInt(item.id.replaceAll('-', '').slice(-7), 16);
}
