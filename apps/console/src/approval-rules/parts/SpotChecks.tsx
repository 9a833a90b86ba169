import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { ApprovalRuleDetail } from '@qingnang/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Section } from '../../components/Section';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';
import { useMayDo } from '../../session/useMayDo';
import { FigureLine } from './Figures';

const MOST = 500;

/** What people found in texts that were let in, and a way to have more of them read. */
export function SpotChecks({ rule }: { rule: ApprovalRuleDetail }) {
  const translate = useTranslate();
  const may = useMayDo();
  const say = (key: string, facts?: object) => translate(`resources.approval-rules.${key}`, facts);
  const { taskSetIds, unread, read } = rule.checks;
  return (
    <Section title={say('checks')}>
      <Typography sx={{ color: 'text.secondary' }}>{say('checks_lead')}</Typography>
      {taskSetIds.length === 0 ? (
        <Typography>{say('checks_none')}</Typography>
      ) : (
        <Box>
          <Typography>{say('read_of', { read, drawn: read + unread })}</Typography>
          <Typography component="div" sx={{ fontWeight: 600 }}>
            <FigureLine figures={rule.checks} bar={rule.bar} />
          </Typography>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
            {taskSetIds.map((id, i) => (
              <Button key={id} size="small" component={Link} to={`/task-sets/${id}/show`}>
                {say('check_set', { n: i + 1 })}
              </Button>
            ))}
          </Box>
        </Box>
      )}
      {rule.state === 'in_force' && may('approval-rules', 'create') && <CheckMore id={rule.id} />}
    </Section>
  );
}

function CheckMore({ id }: { id: string }) {
  const translate = useTranslate();
  const notify = useNotify();
  const client = useQueryClient();
  const [size, setSize] = useState('50');
  const say = (key: string) => translate(`resources.approval-rules.${key}`);
  const { mutate, isPending } = useMutation({
    mutationFn: () => api.post(projectPath(`/approval-rules/${id}/checks`), { size: Number(size) }),
    onError: (error: Error) => notify(error.message, { type: 'error' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['approval-rules'] }),
  });
  const good = Number.isInteger(Number(size)) && Number(size) >= 1 && Number(size) <= MOST;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <Box component="form" onSubmit={submit} sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
      <TextField
        type="number"
        size="small"
        label={say('check_count')}
        value={size}
        error={!good}
        sx={{ minWidth: '9em' }}
        onChange={(event) => setSize(event.target.value)}
        slotProps={{ htmlInput: { min: 1, max: MOST, step: 1 } }}
      />
      <Button type="submit" variant="outlined" disabled={isPending || !good}>
        {say('check_more')}
      </Button>
    </Box>
  );
}
