import type { CreateRun, RunConfig, RunMethod } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { loraDefaults, numbersOf, valueAt } from './run-settings';

/** The settings there are in a configuration, in the order and words of the form. */
export function useSettingFacts(method: RunMethod, config: RunConfig | Overrides): [label: string, value: string][] {
  const translate = useTranslate();
  const paths = (['main', 'more', 'lora'] as const).flatMap((part) => numbersOf(method, part));
  // An adapter is told whole, also where nothing but that it is wanted was said.
  const told = config.lora ? { ...config, lora: { ...loraDefaults.lora, ...config.lora } } : config;
  const facts: [string, unknown][] = [
    ...paths.map((path): [string, unknown] => [path, valueAt(told, path)]),
    ['lora.target_modules', config.lora?.target_modules?.join(', ')],
    ['freeze', config.freeze?.join(', ')],
  ];
  const known = facts.filter(([, value]) => value !== undefined && value !== null && value !== '');
  return known.map(([path, value]) => [
    translate(`resources.runs.settings.${path}`),
    // Counted from the epochs, steps are but the most there may be.
    path === 'steps' && config.epochs ? `≤ ${String(value)}` : String(value),
  ]);
}

type Overrides = CreateRun['config'] & Pick<CreateRun, 'seed'>;
