import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNotify } from 'react-admin';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';

/** What a lead does with an evaluation: ends it, asks doctors no more, asks them again. */
export function useEvaluationAct(id: string) {
  const notify = useNotify();
  const client = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (what: 'cancel' | 'doctors/finish' | 'doctors/ask') =>
      api.post(projectPath(`/evaluations/${id}/${what}`)),
    onSettled: () => client.invalidateQueries({ queryKey: ['evaluations'] }),
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
  return { act: mutate, isPending };
}
