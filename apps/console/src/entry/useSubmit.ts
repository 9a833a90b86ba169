import { useState } from 'react';
import { ApiError } from '../providers/api-error';

/** Runs a form's request once at a time and keeps its refusal for the form to show. */
export function useSubmit(work: () => Promise<void>): {
  submit: () => void;
  busy: boolean;
  error: ApiError | null;
} {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const submit = () => {
    if (busy) return;
    setBusy(true);
    setError(null);
    work()
      .catch((reason: unknown) => setError(reason instanceof ApiError ? reason : new ApiError(0, { code: 'network' })))
      .finally(() => setBusy(false));
  };
  return { submit, busy, error };
}
