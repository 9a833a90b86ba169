import type { LlmJobDetail, NewLlmJobBody } from '@qingnang/contracts';
import { useMutation } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

/** Makes a job, starts it, and goes to its page. */
export function useStart() {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (body: NewLlmJobBody) => {
      const { data } = await api.post<LlmJobDetail>(projectPath('/llm-jobs'), body);
      return (await api.post<LlmJobDetail>(projectPath(`/llm-jobs/${data.id}/start`))).data;
    },
    onSuccess: (job) => {
      notify(translate('resources.llm-jobs.created'));
      navigate(`/llm-jobs/${job.id}/show`);
    },
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
}
