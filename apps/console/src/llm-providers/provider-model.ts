import type { CreateProvider, ProviderView, UpdateProvider } from '@qingnang/contracts';

export type ProviderForm = ProviderView & { apiKey?: string };

/** What the API takes of the form. An empty key field keeps the key; fields of built-in providers stay out. */
export function changesOf(form: ProviderForm): UpdateProvider {
  const { name, models, currency, honoursIdempotency, maxConcurrency, requestsPerMinute } = form;
  const changes: UpdateProvider = { name, models, currency, honoursIdempotency, maxConcurrency, requestsPerMinute };
  if (form.kind !== 'external') return changes;
  return { ...changes, baseUrl: form.baseUrl, ...(form.apiKey ? { apiKey: form.apiKey } : {}) };
}

export const newProvider: Partial<CreateProvider> = {
  currency: 'CNY',
  maxConcurrency: 4,
  requestsPerMinute: 600,
  honoursIdempotency: false,
  models: [{ name: '', text_only: false, context_tokens: 0, input_price: 0, output_price: 0, rehearsal: false }],
};
