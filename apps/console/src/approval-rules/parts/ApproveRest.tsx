import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { ApprovalRuleDetail } from '@qingnang/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import { Section } from '../../components/Section';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';

/** The button that lets the rest in, under the figures; what still stands against it is said in its place. */
export function ApproveRest({ rule }: { rule: ApprovalRuleDetail }) {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const say = (key: string, facts?: object) => translate(`resources.approval-rules.${key}`, facts);
  const { mutate, isPending } = useMutation({
    mutationFn: async () =>
      (await api.post<ApprovalRuleDetail>(projectPath(`/approval-rules/${rule.id}/approve`), { reason })).data,
    onSuccess: ({ bulkJobId }) => navigate(`/bulk-jobs/${bulkJobId}/show`),
    onError: (error: Error) => notify(error.message, { type: 'error' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['approval-rules'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  const rest = (rule.population ?? 0) - (rule.drawn ?? 0);
  return (
    <Section title={say('approve_title')}>
      {rule.block ? (
        <Typography role="status">{say(`blocks.${rule.block}`)}</Typography>
      ) : (
        <form onSubmit={submit}>
          <Typography>{say('approve_what', { n: rest.toLocaleString() })}</Typography>
          <TextField
            fullWidth
            required
            margin="normal"
            label={say('approve_reason')}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            slotProps={{ htmlInput: { maxLength: 500 } }}
          />
          <Button type="submit" variant="contained" disabled={isPending || reason.trim() === ''}>
            {say('approve_button')}
          </Button>
        </form>
      )}
    </Section>
  );
}
