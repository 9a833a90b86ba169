import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { Project } from '@qingnang/contracts';
import { useRef, useState } from 'react';
import { useTranslate } from 'react-admin';
import { Door } from '../entry/Door';
import { useSubmit } from '../entry/useSubmit';
import { api } from '../providers/http';
import { openProject } from '../session/project';
import { loadMe } from '../session/session';
import { proposeSlug } from './propose-slug';

/** An installation without any project: its admin makes one, or waits for the demo that is being written. */
export function FirstProject() {
  const translate = useTranslate();
  const [name, setName] = useState('');
  const [slug, setSlug] = useState('');
  const byHand = useRef(false);
  const propose = (of: string) =>
    void proposeSlug(of).then((proposed) => {
      if (!byHand.current) setSlug(proposed);
    });
  const { submit, busy, error } = useSubmit(async () => {
    const { data } = await api.post<Project>('/projects', { name, slug });
    await loadMe();
    openProject(data.slug, '/', true);
  });
  return (
    <Door
      title={translate('resources.projects.create')}
      lead={translate('resources.projects.first_lead')}
      onSubmit={submit}
    >
      {error && (
        <Alert severity="error" variant="outlined">
          {error.detail}
        </Alert>
      )}
      <TextField
        label={translate('resources.projects.fields.name')}
        value={name}
        onChange={(event) => {
          setName(event.target.value);
          propose(event.target.value);
        }}
      />
      <TextField
        label={translate('resources.projects.fields.slug')}
        value={slug}
        onChange={(event) => {
          byHand.current = true;
          setSlug(event.target.value);
        }}
        helperText={translate('resources.projects.slug_hint')}
      />
      <Button type="submit" variant="contained" disabled={busy || name.trim() === '' || slug === ''}>
        {translate('resources.projects.create')}
      </Button>
      <Typography role="status" variant="body2" sx={{ color: 'text.secondary' }}>
        {translate('resources.projects.demo_coming')}
      </Typography>
    </Door>
  );
}
