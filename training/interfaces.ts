/**
 * What the parts of the trainer agree on: `data/` makes encoded rows, `model/` and the algorithms use them,
 * `run/` and `checkpoint/` stand behind `RunSink`. Plain data only: no tensor crosses these interfaces.
 */

/** Families of decoder-only transformers. Baichuan-7B is read as the Llama it equals. */
export type Architecture = 'llama' | 'qwen2' | 'bloom';

/** How rotary frequencies are stretched past the length first trained on; `maths/rope-frequencies.ts` has the formulas. */
export type RopeScaling =
  | { type: 'linear'; factor: number }
  /** NTK by length: without effect up to `contextLength`, where we stop. */
  | { type: 'dynamic'; factor: number }
  | {
      type: 'llama3';
      factor: number;
      lowFrequencyFactor: number;
      highFrequencyFactor: number;
      originalContextLength: number;
    }
  | {
      type: 'yarn';
      factor: number;
      originalContextLength: number;
      betaFast: number;
      betaSlow: number;
      /** Multiplies cosines and sines. */
      attentionFactor: number;
      /** Whether the bounds of the ramp are whole numbers. */
      truncate: boolean;
    };

/** Shape of a model; written as Hugging Face's `config.json` by `checkpoint/`. */
export interface ModelConfig {
  architecture: Architecture;
  vocabSize: number;
  hiddenSize: number;
  layers: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  intermediateSize: number;
  /** `max_position_embeddings`; rotary positions cost nothing, so it may exceed the trained length. */
  contextLength: number;
  /** Base of the rotary frequencies; BLOOM has none (ALiBi). */
  ropeTheta: number;
  ropeScaling: RopeScaling | null;
  /** Of RMSNorm, for BLOOM of LayerNorm. */
  normEpsilon: number;
  /** Llama: q, k, v and o have biases. (Qwen2's q, k and v always have, BLOOM's layers all have.) */
  attentionBias?: boolean;
  /** Llama: the three matrices of the feed-forward have biases. */
  mlpBias?: boolean;
  tiedEmbeddings: boolean;
  bosTokenId: number | null;
  eosTokenId: number;
  /** All tokens that end a reply, `eosTokenId` among them, where a model has several. */
  stopTokenIds?: readonly number[];
  /** Must differ from `eosTokenId`, otherwise ending is never learnt. */
  padTokenId: number;
  /** Fields of the `config.json` it came from that nothing here acts on; written back as they were. */
  otherFields?: Readonly<Record<string, unknown>>;
  /** The like of its `generation_config.json`: temperature, top_p, … as its makers advise. */
  generationFields?: Readonly<Record<string, unknown>>;
}

export interface NamedWeight {
  shape: number[];
  data: Float32Array;
}

/**
 * Weights by the name the architecture's checkpoints give them: `model.embed_tokens.weight`,
 * `model.layers.0.self_attn.q_proj.weight` ([out, in]), …, `model.norm.weight`, `lm_head.weight` (absent when tied); BLOOM's
 * `transformer.h.0.self_attention.query_key_value.weight`, …; `score.weight` ([1, hidden], reward head), `v_head.weight`
 * ([1, hidden]) and `v_head.bias` ([1]) (value head). `model/parameter-shapes.ts` has the list.
 */
export interface WeightSource {
  names(): string[];
  /** The array is the caller's own. Throws for an unknown name. */
  get(name: string): NamedWeight;
  /** Without reading the numbers, where that is cheaper. */
  shape?(name: string): number[];
  /** Where the weights come from, for messages. */
  path?: string;
}

/** One conversation as ids; `lossMask[i]` is 1 where `ids[i]` is a token to be learnt (doctor's words and their end token). */
export interface EncodedExample {
  ids: Int32Array;
  lossMask: Uint8Array;
  rowId: string;
  /** Factor of its tokens' loss, where it is not 1. */
  weight?: number;
  /** Characters (UTF-16 units) that its last reply lost, ended at an earlier sentence so that the row fits. */
  cut?: number;
}

/** Two replies to one prompt; both examples start with the same `promptLength` ids and end with the end token. */
export interface EncodedPair {
  rowId: string;
  promptId: string;
  chosen: EncodedExample;
  rejected: EncodedExample;
  promptLength: number;
  /** Points of the rubric between the two, `null` where only the order is known. */
  margin: number | null;
  weight: number;
  /** Pairs of one prompt share it and are trained in one batch element. */
  rankGroup: string;
  /** Characters of the two replies, for accuracy by length difference and the longer-wins baseline. */
  chosenCharacters: number;
  rejectedCharacters: number;
}

/** A prompt up to and including the header after which the assistant speaks. */
export interface EncodedPrompt {
  rowId: string;
  promptId: string;
  ids: Int32Array;
  reference: string | null;
  /** The turns for a judge to read; the question alone where there is but one. */
  text?: string;
}

/** What AdamW keeps: steps done, and the moments as `<parameter>.m` and `<parameter>.v`. */
export interface OptimiserState {
  step: number;
  moments: WeightSource;
}

/** Low-rank adaptation, see `lora/lora-adapter.ts`. */
export interface LoraSettings {
  rank: number;
  alpha: number;
  /** Share of a layer's inputs set to 0 on their way into A while learning. */
  dropout: number;
  /** Ends of the names of the layers adapted; `null` = projections of the attention. */
  targets: readonly string[] | null;
  /** Scale alpha / √rank in place of alpha / rank; read from adapters made elsewhere. */
  rankStabilised?: boolean;
}

/** Everything needed to go on as if nothing had happened. */
export interface CheckpointState {
  /** `reward` models have a `score.weight`, `value` ones a `v_head`. */
  kind: 'causal-lm' | 'reward';
  config: ModelConfig;
  /** Of a LoRA run the adapter's tensors and the heads only; the base is the run's input. */
  weights: WeightSource;
  lora?: LoraSettings;
  optimiser: OptimiserState;
  /** JSON value owned by the algorithm: step, order of the data, place in it, controller values … */
  position: Record<string, unknown>;
  /** State of the seeded generator. */
  random: number;
  /** Reward models: raw score → (raw − mean) / sd; kept in the checkpoint's config. */
  scoreNormalisation: ScoreNormalisation | null;
}

export interface ScoreNormalisation {
  mean: number;
  sd: number;
}

/** Where a training loop reports to; `run/` implements it. `attempt` and times are the sink's business. */
export interface RunSink {
  metric(step: number, key: string, value: number): void;
  /** What the model says now; ids are decoded by the sink. */
  sample(step: number, promptIds: Int32Array, responseIds: Int32Array, score: number | null): void;
  checkpoint(step: number, state: CheckpointState): Promise<void>;
  /** Asked between steps; the loop then saves a checkpoint and returns `stopped`. */
  stopRequested(): boolean;
  /** One readable line for `log.txt`. */
  log(line: string): void;
}

export interface TrainingOutcome {
  state: 'succeeded' | 'stopped';
  /** Steps (SFT, reward, DPO) or iterations (PPO) done. */
  steps: number;
  /** Step of the checkpoint that counts, where it is not the last. */
  best?: number;
  /** Final figures by metric key, for `result.json`. */
  figures: Record<string, number>;
}

export type ScheduleName = 'cosine' | 'linear' | 'constant';

/** Settings of the optimiser, shared by all algorithms. */
export interface OptimiserSettings {
  learningRate: number;
  schedule: ScheduleName;
  /** Share of the steps during which the rate rises from 0. */
  warmupRatio: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Decoupled; applied to matrices, not to norms. */
  weightDecay: number;
  maxGradientNorm: number;
}

export interface SftSettings extends OptimiserSettings {
  seed: number;
  steps: number;
  batchSize: number;
  /** Micro-batches added up before one update; weighed by tokens. */
  accumulation: number;
  /** Tokens of one row or packed sequence; longer rows are left out by `data/`. */
  sequenceLength: number;
  /** Each row in a sequence of its own, as drawn; rows of like length together; or several in one sequence. */
  batching: 'padded' | 'length_buckets' | 'packed';
  /** Rows looked at together when they are packed or put by length. */
  window: number;
  /** Share of the units set to 0 in each branch, against learning few rows by heart. 0 = none. */
  dropout: number;
  /** Share of each target's probability spread over the vocabulary while learning. 0 = none. */
  labelSmoothing: number;
  /** Evaluations without a lower held-out loss after which the run ends with its best checkpoint; `null` = never. */
  patience: number | null;
  evaluateEvery: number;
  checkpointEvery: number;
}

export interface RewardSettings extends OptimiserSettings {
  seed: number;
  steps: number;
  /** Pairs of one micro-batch; pairs of a rank group stay together, so it may be exceeded by one group. */
  batchSize: number;
  /** Micro-batches added up before one update; weighed by pairs. */
  accumulation: number;
  sequenceLength: number;
  /** Subtracted from the score difference: `marginScale` × margin of the row. 0 = none. */
  marginScale: number;
  /** Weight of mean((chosen + rejected)²). */
  centring: number;
  /** `pair`: every pair counts alike; `prompt`: the pairs of a prompt together count as one. */
  weighBy: 'pair' | 'prompt';
  /** Share of the units set to 0 in each branch, against learning few pairs by heart. 0 = none. */
  dropout: number;
  evaluateEvery: number;
  checkpointEvery: number;
}

export interface DpoSettings extends OptimiserSettings {
  seed: number;
  steps: number;
  /** Pairs of one micro-batch. */
  batchSize: number;
  /** Micro-batches added up before one update; weighed by pairs. */
  accumulation: number;
  sequenceLength: number;
  loss: 'sigmoid' | 'ipo' | 'ipo_summed' | 'hinge' | 'robust';
  /** How firmly the policy is held to its reference. */
  beta: number;
  /** Share of pairs believed to be the wrong way round. */
  labelSmoothing: number;
  dropout: number;
  evaluateEvery: number;
  checkpointEvery: number;
}

export interface PpoSettings extends OptimiserSettings {
  seed: number;
  iterations: number;
  /** Prompts (and so responses) of one iteration. */
  batchSize: number;
  /** Passes over the batch. */
  epochs: number;
  miniBatches: number;
  /** Sampled tokens at most. */
  responseLength: number;
  /** Divides logits in rollout, reference and update alike. */
  temperature: number;
  gamma: number;
  lambda: number;
  clipRange: number;
  valueClipRange: number;
  valueCoefficient: number;
  entropyCoefficient: number;
  klCoefficient: number;
  klEstimator: 'k1' | 'k2' | 'k3';
  /** Nats a response the controller steers to; `null` = fixed coefficient. */
  klTarget: number | null;
  klHorizon: number;
  whitenRewards: boolean;
  /** Scores are cut to ± this after normalisation; `null` = never. */
  scoreClip: number | null;
  /** Subtracted from the score of a response that did not end by itself. */
  missingEosPenalty: number;
  /** Score that such a response gets in place of its own; `null` = its own less the penalty. */
  missingEosScore: number | null;
  /** Times the normalised score, before it is cut. */
  scoreScale: number;
  /** Iterations during which only the values learn. */
  freezePolicyIterations: number;
  /** Weight of the SFT loss mixed in; 0 = none. */
  ptxCoefficient: number;
  /** `shared`: a head on the policy; `separate`: a network of its own. */
  valueModel: 'shared' | 'separate';
  /** Of the value head or network; `null` = the policy's. */
  valueLearningRate: number | null;
  /** Nats a token: past 1.5 times this the rest of the passes over a rollout is left out; `null` = never. */
  earlyStopKl: number | null;
  /** Rows of one forward and backward pass; `null` = a whole mini-batch. */
  microBatchSize: number | null;
  checkpointEvery: number;
}
