import type { RunConfig } from '@qingnang/contracts';
import type { ResumePoint } from '../checkpoint/training-checkpoint.js';
import { InputError } from '../data/input.errors.js';
import type { ScoreNormalisation } from '../interfaces.js';
import { HttpJudge } from '../ppo/http-judge.js';
import type { RolloutModels } from '../ppo/rollout.js';
import type { ResponseJudge } from '../ppo/score-responses.js';
import { weightsOf, type ValueNetwork } from '../ppo/value-network.js';
import type { Tokenizer } from '../tokenizer/tokenizer.js';
import { learnerModel, modelFrom, referenceModel } from './learner-model.js';
import type { RunInputs } from './run-inputs.js';

type PpoConfig = Extract<RunConfig, { method: 'ppo' }>;
type Resume = Pick<ResumePoint, 'state'> | null;

/**
 * Everything that PPO asks and trains: the policy, what it is held to, who scores, who estimates values.
 * @throws InputError for sources that do not go together
 */
export function ppoModels(config: PpoConfig, inputs: RunInputs, tokenizer: Tokenizer, resume: Resume): RolloutModels {
  const { policy: start, rewardModel } = inputs;
  const separate = config.ppo.value_model === 'separate';
  const own = resume && { state: { ...resume.state, weights: weightsOf('policy', resume.state.weights) } };
  const policy = learnerModel(config, start, own, separate ? 'none' : 'value');
  return {
    policy,
    reference: referenceModel(start!, policy).model,
    reward: rewardModel && modelFrom(rewardModel, 'reward'),
    normalisation: rewardModel ? normalisationOf(inputs) : { mean: 0, sd: 1 },
    judge: judgeOf(config, inputs, tokenizer),
    value: separate ? valueNetwork(inputs, resume) : undefined,
  };
}

function valueNetwork(inputs: RunInputs, resume: Resume): ValueNetwork {
  const { rewardModel } = inputs;
  if (!rewardModel) {
    throw new InputError(
      'reward_model_missing',
      'ppo.value_model separate starts as the reward model; name it with --reward-model, or take value_model shared.',
    );
  }
  const weights = resume ? weightsOf('value', resume.state.weights) : rewardModel.weights;
  return { model: modelFrom({ ...rewardModel, weights }, 'reward'), normalisation: normalisationOf(inputs) };
}

function judgeOf({ ppo }: PpoConfig, { judge }: RunInputs, tokenizer: Tokenizer): ResponseJudge | undefined {
  if (!judge && !ppo.judge) return undefined;
  if (!judge) throw new InputError('judge', 'The configuration has a ppo.judge; name its address with --judge.');
  if (!ppo.judge) {
    throw new InputError(
      'judge',
      'Say how the judge of --judge is asked: {"ppo": {"judge": {"protocol": "score"}}} in --config, or "openai".',
    );
  }
  return new HttpJudge({ ...judge, config: ppo.judge, decode: (ids) => tokenizer.decode(ids) });
}

function normalisationOf({ rewardModel }: RunInputs): ScoreNormalisation {
  const normalisation = rewardModel?.note.score_normalisation;
  if (normalisation) return normalisation;
  throw new InputError(
    'reward_model',
    'The reward model has no score normalisation: its run did not end; finish it first.',
  );
}
