import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { ModelDetail } from '@qingnang/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNotify, useTranslate } from 'react-admin';
import { Section } from '../components/Section';
import { When } from '../components/When';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';

const MINUTES = 15;

function useServer(id: string) {
  const notify = useNotify();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: boolean) => {
      const path = projectPath(`/models/${id}/server`);
      return wanted ? api.post<ModelDetail>(path, { minutes: MINUTES }) : api.delete<ModelDetail>(path);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['models'] }),
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
}

/** Whether the model answers now, and the switch. */
export function ServerPanel({ model }: { model: ModelDetail }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.models.${key}`, values);
  const may = useMayDo()('models', 'run');
  const { mutate, isPending } = useServer(model.id);
  const { server } = model;
  const alive = server?.state === 'ready' || server?.state === 'starting';
  if (model.providerId === null) return <Section title={words('server')}>{words('no_server')}</Section>;
  return (
    <Section title={words('server')}>
      <Typography>
        {words(`server_states.${server?.state ?? 'none'}`)}
        {alive && (
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {' · '}
            {words('until')}
            <When at={server.wantedUntil} />
          </Box>
        )}
      </Typography>
      {server?.failure && (
        <Alert severity="error" variant="outlined">
          {server.failure}
        </Alert>
      )}
      <Typography sx={{ color: 'text.secondary' }}>{words('server_hint', { minutes: MINUTES })}</Typography>
      {may && (
        <Button disabled={isPending} onClick={() => mutate(!alive)} sx={{ justifySelf: 'start' }}>
          {words(alive ? 'sleep' : 'wake')}
        </Button>
      )}
    </Section>
  );
}
