import type { CreateProvider, ProviderView, UpdateProvider } from '@qingnang/contracts';

export type ProviderForm = ProviderView & { apiKey?: string };

/**
 * What the API takes of the form. An empty key field keeps the key; fields of built-in providers stay out, and whether the
 * address lies inside, where nobody has touched it: the API looks at a new address itself.
 */
export function changesOf(form: ProviderForm, { previousData }: { previousData?: ProviderView } = {}): UpdateProvider {
  const { name, models, currency, honoursIdempotency, maxConcurrency, requestsPerMinute } = form;
  const changes: UpdateProvider = { name, models, currency, honoursIdempotency, maxConcurrency, requestsPerMinute };
  if (form.kind !== 'external') return changes;
  const { baseUrl, apiKey, insideAddress } = form;
  return {
    ...changes,
    baseUrl,
    ...(apiKey ? { apiKey } : {}),
    ...(insideAddress === previousData?.insideAddress ? {} : { insideAddress }),
  };
}

export const newProvider: Partial<CreateProvider> = {
  currency: 'CNY',
  maxConcurrency: 4,
  requestsPerMinute: 600,
  honoursIdempotency: false,
  models: [{ name: '', text_only: false, context_tokens: 0, input_price: 0, output_price: 0, rehearsal: false }],
};
