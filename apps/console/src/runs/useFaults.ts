import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { ApiError } from '../providers/api-error';
import { faultsOf, type RunSettings, settingPath } from './run-settings';

/** Sentences by the path of what is at fault, e.g. `lora.rank`, `inputs.data`, `name`. */
export type Faults = Record<string, string>;

/** The sentence at a path, or at an entry of the list that stands there. */
export function faultAt(faults: Faults, path: string): string | undefined {
  return faults[path] ?? Object.entries(faults).find(([key]) => key.startsWith(`${path}.`))?.[1];
}

interface Sending {
  faults: Faults;
  /** Whether the form may be sent; what keeps it from that is said at the fields from then on. */
  check(): boolean;
  /** What the API refused; it stands at the fields until something is changed. */
  refuse(error: Error): void;
}

/** What is wrong with a form, once it has been tried. */
export function useFaults(form: RunSettings): Sending {
  const translate = useTranslate();
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<{ form: RunSettings; faults: Faults } | null>(null);
  const own = Object.entries(tried ? faultsOf(form) : {}).map(([path, { word, bound }]) => [
    path,
    translate(`resources.runs.faults.${word}`, { bound }),
  ]);
  return {
    faults: { ...(refused?.form === form ? refused.faults : {}), ...(Object.fromEntries(own) as Faults) },
    check: () => {
      setTried(true);
      return Object.keys(faultsOf(form)).length === 0;
    },
    refuse: (error) => {
      const named = error instanceof ApiError ? error.faults : [];
      setRefused({ form, faults: Object.fromEntries(named.map(({ field, detail }) => [settingPath(field), detail])) });
    },
  };
}
