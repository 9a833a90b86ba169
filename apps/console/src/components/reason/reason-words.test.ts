import { describe, expect, it } from 'vitest';
import { reasonOf } from './reason-words';

const words: Record<string, string> = {
  'errors.training.nothing_to_do': '没有一行能用来训练。',
  'resources.llm-jobs.why.provider_unauthorised': '模型服务拒绝了密钥。',
};
const translate = (key: string, options?: Record<string, unknown>) => words[key] ?? String(options?._ ?? key);

describe('why something failed', () => {
  it('is said in the reader’s language, with the kept sentence beside it', () => {
    expect(reasonOf('training.nothing_to_do: No training row can be used (12 too_long).', translate)).toEqual({
      words: '没有一行能用来训练。',
      kept: 'No training row can be used (12 too_long).',
    });
    expect(reasonOf('provider_unauthorised', translate)).toEqual({ words: '模型服务拒绝了密钥。', kept: null });
  });

  it('stands as it is where no code says it', () => {
    expect(reasonOf('Killed: out of memory', translate)).toEqual({ words: 'Killed: out of memory', kept: null });
    expect(reasonOf('some.code: What happened.', translate).words).toBe('some.code: What happened.');
  });
});
