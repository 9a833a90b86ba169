import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { MadePrompts, PromptTurns, RecordFacets } from '@qingnang/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

const turns: PromptTurns[] = ['all', 'first', 'last'];

function useMake(onDone: () => void) {
  const translate = useTranslate();
  const notify = useNotify();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (body: object) => (await api.post<MadePrompts>(projectPath('/prompts'), body)).data,
    onSuccess: ({ made, references }) => {
      onDone();
      notify(translate('resources.prompts.made', { n: made, references }), { type: 'info' });
      void client.invalidateQueries({ queryKey: ['prompts'] });
    },
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
}

/** Which records' questions become prompts, and whether the original replies come along as references. */
export function MakePrompts() {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.prompts.${key}`);
  const [open, setOpen] = useState(false);
  const [department, setDepartment] = useState('');
  const [wish, setWish] = useState({ turns: 'all' as PromptTurns, originalReplies: true });
  const facets = useQuery({
    queryKey: ['records', 'facets'],
    queryFn: async ({ signal }) =>
      (await api.get<RecordFacets>(projectPath('/records/facets'), undefined, { signal })).data,
    enabled: open,
  });
  const make = useMake(() => setOpen(false));
  return (
    <>
      <Button variant="contained" onClick={() => setOpen(true)}>
        {say('make')}
      </Button>
      <Dialog open={open} onClose={() => setOpen(false)} fullWidth maxWidth="xs">
        <DialogTitle>{say('make')}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2, '&&': { pt: 1 } }}>
          <TextField
            select
            label={say('fields.department')}
            value={department}
            onChange={(event) => setDepartment(event.target.value)}
          >
            <MenuItem value="">{say('all_departments')}</MenuItem>
            {facets.data?.departments.map(({ value, count }) =>
              value === null ? null : (
                <MenuItem key={value} value={value}>
                  {value} ({count})
                </MenuItem>
              ),
            )}
          </TextField>
          <TextField
            select
            label={say('which_turns')}
            value={wish.turns}
            onChange={(event) => setWish({ ...wish, turns: event.target.value as PromptTurns })}
          >
            {turns.map((each) => (
              <MenuItem key={each} value={each}>
                {say(`turns.${each}`)}
              </MenuItem>
            ))}
          </TextField>
          <FormControlLabel
            control={
              <Checkbox
                checked={wish.originalReplies}
                onChange={(event) => setWish({ ...wish, originalReplies: event.target.checked })}
              />
            }
            label={say('original_replies')}
          />
        </DialogContent>
        <DialogActions>
          <Button onClick={() => setOpen(false)}>{say('cancel')}</Button>
          <Button
            variant="contained"
            disabled={make.isPending}
            onClick={() => make.mutate({ ...wish, filter: department === '' ? {} : { department: [department] } })}
          >
            {say('make')}
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
