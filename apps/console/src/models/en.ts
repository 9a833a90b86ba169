import type { SameKeys } from '../i18n/messages';
import type { modelsZh } from './zh';

export const modelsEn: SameKeys<typeof modelsZh> = {
  name: 'Model |||| Models',
  lead: 'Models that were trained and registered; each can tell which data and which models it comes from.',
  empty: 'A run that succeeds registers its model here.',
  train: 'Go and train',
  talk: 'Talk to it',
  wake: 'Start',
  sleep: 'Stop',
  server: 'Model server',
  server_states: {
    none: 'Not started',
    starting: 'Starting',
    ready: 'Ready',
    stopped: 'Stopped',
    failed: 'Could not start',
  },
  server_hint:
    'Starts by itself when needed; chat, polish, candidates and evaluation can choose it. Stops after %{minutes} minutes without use.',
  no_server: 'A reward model scores and does not speak.',
  until: 'Kept at least until ',
  lineage: 'Where it comes from',
  lineage_lead: 'The snapshots and models it descends from, directly or not.',
  children: 'Models trained from it',
  snapshot: 'Snapshot',
  model: 'Model',
  withdraw: 'Withdraw',
  withdraw_title: 'Withdraw this model?',
  withdraw_sure:
    'Models trained from it are withdrawn too: no chat, no evaluation, no run starts from them. This cannot be undone; where they came from can still be seen.',
  withdrawn_done: 'Withdrawn',
  withdrawn: 'This model has been withdrawn and is not used any more.',
  step_back: '%{n} back',
  weights: 'SHA-256 of the weights',
  context: 'Reads and writes at most %{n} tokens',
  to_run: 'Open the run',
  fields: {
    name: 'Name',
    stage: 'Stage',
    server: 'Server',
    contextTokens: 'Context (tokens)',
    weightsHash: 'Weights',
    createdAt: 'Registered',
  },
};
