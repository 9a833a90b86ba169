import type { SameKeys } from '../i18n/messages';
import type { providersZh } from './zh';

export const providersEn: SameKeys<typeof providersZh> = {
  name: 'Provider |||| Providers',
  lead: 'Where models answer, at what price, how many calls at once. Keys are kept encrypted and shown to nobody.',
  empty: 'Without a provider the built-in rehearsal model will do to begin with.',
  create: 'Add a provider',
  kinds: { rehearsal: 'Built-in rehearsal', serve: 'Model of this platform', external: 'External' },
  outside: 'Outside: sent only text that is masked or declared de-identified',
  inside: 'Stays in the house',
  declare_inside: 'Declare that text stays here',
  declare_sure:
    'As an administrator you declare that text sent to this address stays in the house. This goes into the audit log; a new address needs a new declaration.',
  withdraw_inside: 'Withdraw the declaration',
  key_kept: 'One is kept. Leave empty to keep it.',
  key_dropped:
    'The address has changed: the key kept for the old one will be dropped, never sent to the new one. Enter the new one’s key.',
  address_hint:
    'No login or password in the address; the key goes below. Redirects to another server are not followed.',
  address_faults: {
    not_an_address: 'Enter an address that begins with http:// or https://.',
    credentials: 'No login or password in the address: the key has a field of its own.',
    query: 'The address ends with its path, without ? or #.',
  },
  inside_address_hint:
    'Only when this is on do calls go to this machine or a private network. It is set by itself when an address is entered; what a name means is looked at again before each connection.',
  key_none: 'Leave empty for servers that ask for none.',
  built_in: 'Run by the platform itself; address and key are not set here.',
  honours_hint: 'A key sent twice is charged once. Leave it off when in doubt.',
  waits: {
    asleep: 'Not started. It starts by itself when a job or a chat needs it, or from the page of its model.',
    failing:
      '%{model} failed several times in a row; it is tried again at %{time}. If it goes on, check address, key and model name.',
    rate_limited:
      '%{model} says there are too many requests; it is asked again at %{time}. If it happens often, lower the requests a minute.',
  },
  prices_hint: 'Prices are per million tokens.',
  retire: 'Retire',
  reactivate: 'Use again',
  states: { active: 'In use', retired: 'Retired' },
  fields: {
    name: 'Name',
    kind: 'Kind',
    baseUrl: 'Address (ends in /v1)',
    apiKey: 'Key',
    models: 'Models',
    currency: 'Currency',
    place: 'Where text goes',
    state: 'State',
    insideAddress: 'On this machine or our own network',
    honoursIdempotency: 'Honours Idempotency-Key',
    maxConcurrency: 'At once',
    requestsPerMinute: 'Per minute',
    createdAt: 'Created',
    model_name: 'Model',
    text_only: 'Plain text only',
    fixed_sampling: 'Takes no sampling settings',
    context_tokens: 'Context in tokens (0: no limit)',
    input_price: 'Input price',
    output_price: 'Output price',
    rehearsal: 'Rehearsal',
  },
};
