import type { SameKeys } from '../i18n/messages';
import type { chatZh } from './zh';

export const chatEn: SameKeys<typeof chatZh> = {
  name: 'Chat',
  lead: 'Say a few words to a registered model and see what it has learnt. Only models inside the house are listed.',
  partner: 'Talk to',
  empty_title: 'There is no model to talk to yet',
  empty_text: 'Train an SFT model and it appears here.',
  ask: 'Write what a patient says',
  send: 'Send',
  stop: 'Stop',
  again: 'Start over',
  thinking: 'Waiting for the first word; a model that is asleep takes a few seconds.',
  single: 'Each message by itself',
  single_hint: 'Sends this message only, without the talk before it.',
  kinds: {
    truncated: 'Cut at the length limit',
    filtered: 'Cut by the provider’s content filter',
    refused: 'The model declined to answer',
    empty: 'The model said nothing',
    unparsable: 'The model did not answer in words',
  },
  stopped: 'Stopped',
  broke: 'The reply broke off: %{why}',
  took: '%{seconds} s · %{input} tokens read, %{output} written',
  too_long: 'This talk is longer than the model can read (%{n} tokens). Shorten the message, or start over.',
  context: 'Reads and writes %{n} tokens',
  key_hint: 'Ctrl + Enter sends',
};
