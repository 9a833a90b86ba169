import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import type { LlmJobDetail } from '@qingnang/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

/** A new limit for a job that stopped at the old one. */
export function BudgetForm({ job }: { job: LlmJobDetail }) {
  const translate = useTranslate();
  const notify = useNotify();
  const [limit, setLimit] = useState(String((job.budgetLimit ?? 0) * 2 || ''));
  const client = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      api.patch(
        projectPath(`/llm-jobs/${job.id}`),
        { budgetLimit: Number(limit) > 0 ? Number(limit) : null },
        { ifMatch: `"${job.revision}"` },
      ),
    onError: (error: Error) => notify(error.message, { type: 'error' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['llm-jobs'] }),
  });
  return (
    <Box sx={{ display: 'flex', gap: 1 }}>
      <TextField
        size="small"
        type="number"
        label={`${translate('resources.llm-jobs.raise_budget')} (${job.currency})`}
        value={limit}
        onChange={(event) => setLimit(event.target.value)}
      />
      <Button disabled={isPending} onClick={() => mutate()}>
        {translate('resources.llm-jobs.save')}
      </Button>
    </Box>
  );
}
