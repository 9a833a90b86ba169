import type { LlmJobDetail } from '@qingnang/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

const step = (id: string, name: string) => api.post(projectPath(`/llm-jobs/${id}/${name}`));

/** A job is written down to be estimated; one that is thought over again is cancelled before the next is written. */
export function useWrittenJob(resource: 'candidates' | 'judgements') {
  const notify = useNotify();
  const navigate = useNavigate();
  const [job, setJob] = useState<LlmJobDetail | null>(null);
  const onError = (error: Error) => notify(error.message, { type: 'error' });
  const write = useMutation({
    mutationFn: async (body: unknown) => {
      if (job) await step(job.id, 'cancel');
      setJob(null);
      const { data } = await api.post<{ id: string }>(projectPath(`/${resource}/jobs`), body);
      return (await api.get<LlmJobDetail>(projectPath(`/llm-jobs/${data.id}`))).data;
    },
    onSuccess: setJob,
    onError,
  });
  const start = useMutation({
    mutationFn: (id: string) => step(id, 'start'),
    onSuccess: (_reply, id) => navigate(`/llm-jobs/${id}/show`),
    onError,
  });
  return { job, write, start };
}
