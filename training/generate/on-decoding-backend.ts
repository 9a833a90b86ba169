import { canDecodeOnWasm, onWasm } from '../backend/decoding-backend.js';
import type { ModelConfig } from '../interfaces.js';
import { mergedWeights } from '../lora/merge.js';
import type { Model } from '../model/model.js';
import { parameterShapes } from '../model/parameter-shapes.js';
import { disposeParameters, exportParameters, loadParameters } from '../model/parameters.js';

/**
 * Products of one step, by layer, below which wasm decodes faster than TensorFlow, whose fixed cost of calling each op is then
 * more than its faster products save. `npm run bench -- decoding` measures it: with 4 layers the two meet at 8 rows above hidden
 * 512, at 32 rows near 256.
 */
const PRODUCTS_BY_LAYER = 2.5e7;
/** Held there twice, as they lie and turned, this many take 0.8 GB: well below where wasm must stop. */
const WEIGHTS = 1e8;

/** Decided by numbers of the model and its batch alone, not by the clock: a run draws the same tokens on a busy machine. */
export function decodesFasterOnWasm(config: ModelConfig, rows: number): boolean {
  let weights = 0;
  for (const shape of parameterShapes(config, 'none').values()) weights += shape.reduce((product, n) => product * n, 1);
  return weights < WEIGHTS && (rows * weights) / config.layers < PRODUCTS_BY_LAYER;
}

/**
 * Lets a model speak where it decodes faster: a small one that learns on TensorFlow is copied to wasm for as long, an adapter
 * taken into the copy's weights. Logits differ by float32's rounding.
 * @param rows of the batch
 * @param say must not wait and must leave no tensor behind
 */
export function onDecodingBackend<T>(model: Model, rows: number, say: (speaking: Model) => T): T {
  const { config, adapter } = model;
  if (!canDecodeOnWasm() || !decodesFasterOnWasm(config, rows)) return say(model);
  const base = exportParameters(model.parameters);
  const own = adapter && { settings: adapter.settings, weights: exportParameters(adapter.parameters) };
  return onWasm(() => {
    const weights = own ? mergedWeights({ config, weights: base }, own) : base;
    const parameters = loadParameters(config, weights, 'none');
    try {
      return say({ config, parameters });
    } finally {
      disposeParameters(parameters);
    }
  });
}
