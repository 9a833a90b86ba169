import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControl from '@mui/material/FormControl';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { ListReply, NewEntrant } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { type ChangeEvent, useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';
import { type Chosen, readAnswers } from '../evaluation-model';

type Uploaded = Extract<NewEntrant, { kind: 'uploaded' }>;

interface Member {
  id: string;
  displayName: string;
}

/** Who wrote the answers: never asked to judge them. */
function AuthorField({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const translate = useTranslate();
  const { data } = useQuery({
    queryKey: ['members', 'choices'],
    queryFn: async () => (await api.get<ListReply<Member>>(projectPath('/members'), { perPage: 200 })).data.items,
  });
  return (
    <TextField
      select
      label={translate('resources.evaluations.author')}
      value={value}
      helperText={translate('resources.evaluations.author_hint')}
      onChange={(event) => onChange(event.target.value)}
    >
      <MenuItem value="">{translate('resources.evaluations.no_author')}</MenuItem>
      {(data ?? []).map((member) => (
        <MenuItem key={member.id} value={member.id}>
          {member.displayName}
        </MenuItem>
      ))}
    </TextField>
  );
}

function Details({ read, onDone }: { read: Uploaded; onDone: (entrant: Uploaded | null) => void }) {
  const translate = useTranslate();
  const words = (key: string, facts?: object) => translate(`resources.evaluations.${key}`, facts);
  const [name, setName] = useState(read.name);
  const [authorId, setAuthor] = useState('');
  const [deidentified, setDeidentified] = useState(false);
  const dialogues = read.answers.filter(({ turns }) => turns.length > 1).length;
  return (
    <Dialog open onClose={() => onDone(null)} fullWidth maxWidth="sm">
      <DialogTitle>{words('bring')}</DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2 }}>
        <Typography>{words('file_read', { n: read.answers.length, dialogues })}</Typography>
        <TextField
          label={words('entrant_name')}
          value={name}
          slotProps={{ htmlInput: { maxLength: 100 } }}
          onChange={(event) => setName(event.target.value)}
        />
        <AuthorField value={authorId} onChange={setAuthor} />
        <FormControl>
          <FormControlLabel
            control={<Checkbox checked={deidentified} onChange={(event) => setDeidentified(event.target.checked)} />}
            label={words('answers_deidentified')}
          />
          <FormHelperText>{words('answers_deidentified_hint')}</FormHelperText>
        </FormControl>
      </DialogContent>
      <DialogActions>
        <Button onClick={() => onDone(null)}>{translate('ra.action.cancel')}</Button>
        <Button
          variant="contained"
          disabled={name.trim() === ''}
          onClick={() => onDone({ ...read, name: name.trim(), authorId: authorId || null, deidentified })}
        >
          {words('add')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** Brings answers along from a file on this device; which question each answers stands in it. */
export function AnswersFile({ onAdd }: { onAdd: (entrant: Chosen<Uploaded>) => void }) {
  const translate = useTranslate();
  const notify = useNotify();
  const [read, setRead] = useState<Uploaded | null>(null);
  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    event.target.value = '';
    if (!file) return;
    const answers = readAnswers(await file.text());
    const name = file.name.replace(/\.[^.]*$/, '').slice(0, 100);
    if ('answers' in answers) setRead({ kind: 'uploaded', name, authorId: null, deidentified: false, ...answers });
    else {
      const facts = { line: answers.line, why: translate(`resources.evaluations.file_faults.${answers.fault}`) };
      notify(translate('resources.evaluations.file_fault', facts), { type: 'error' });
    }
  };
  return (
    <>
      <Button component="label" variant="outlined" sx={{ minHeight: 40 }}>
        {translate('resources.evaluations.bring')}
        <input type="file" accept=".jsonl,.json,.txt" hidden onChange={(event) => void take(event)} />
      </Button>
      {read && (
        <Details
          read={read}
          onDone={(entrant) => {
            setRead(null);
            if (entrant) onAdd({ label: entrant.name, value: entrant });
          }}
        />
      )}
    </>
  );
}
