import { describe, expect, it } from 'vitest';
import { cudaRequirements, nativePlan, neededOfWheel, pipArguments } from './native-plan.js';

describe('the plan of the native back end', () => {
  it('takes the wheel without CUDA, or with it and more room', () => {
    const [cpu, gpu] = [nativePlan(false), nativePlan(true)];
    expect([cpu.wheel, gpu.wheel]).toEqual(['tensorflow_cpu', 'tensorflow']);
    expect(gpu.bytesNeeded).toBeGreaterThan(cpu.bytesNeeded);
    expect(cpu.bytesNeeded).toBeGreaterThan(cpu.bytesKept);
  });

  it('downloads for a fixed Python, whichever runs pip', () => {
    const line = pipArguments('tensorflow_cpu==2.21.0', '/cache').join(' ');
    expect(line).toMatch(/--no-deps .*--python-version 3\.12 .*--dest \/cache tensorflow_cpu==2\.21\.0$/);
  });

  it('reads from the wheel which of CUDA it wants, with its bounds', () => {
    const metadata = [
      'Requires-Dist: numpy>=1.26',
      'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
      'Requires-Dist: nvidia-cudnn-cu12<10.0,>=9.3.0.75; extra == "and-cuda"',
      'Requires-Dist: nvidia-other-cu12<1; extra == "other"',
    ].join('\n');
    expect(cudaRequirements(metadata)).toEqual([
      'nvidia-cublas-cu12<13.0,>=12.5.3.2',
      'nvidia-cudnn-cu12<10.0,>=9.3.0.75',
    ]);
  });

  it('unpacks two libraries and the headers only', () => {
    expect(neededOfWheel('tensorflow/libtensorflow_cc.so.2')).toBe('library');
    expect(neededOfWheel('tensorflow/libtensorflow_framework.so.2')).toBe('library');
    expect(neededOfWheel('tensorflow/include/tensorflow/c/c_api.h')).toBe('header');
    expect(neededOfWheel('tensorflow/lite/python/libpywrap_tflite_common.so')).toBe(null);
  });
});
