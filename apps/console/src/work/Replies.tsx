import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { WorkReplies } from '@qingnang/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Section } from '../components/Section';
import { When } from '../components/When';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

// Deciding is news of the task's set.
const KEY = ['task-sets', 'replies'];

function useReplies() {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) =>
      (await api.get<WorkReplies>(projectPath('/work/replies'), undefined, { signal })).data,
  });
}

/** That somebody wrote back, above the queues. */
export function NewReplies() {
  const translate = useTranslate();
  const { data } = useReplies();
  if (!data || data.unseen === 0) return null;
  return (
    <Alert
      severity="info"
      variant="outlined"
      sx={{ mb: 2 }}
      action={
        <Button component={Link} to="/work/mine">
          {translate('resources.work.replies_read')}
        </Button>
      }
    >
      {translate('resources.work.replies_new', { n: data.unseen })}
    </Alert>
  );
}

/** What was written back about one's answers, the newest first; shown is read. */
export function Replies() {
  const translate = useTranslate();
  const queries = useQueryClient();
  const { data } = useReplies();
  const unseen = data?.unseen ?? 0;
  useEffect(() => {
    if (unseen > 0) void api.post(projectPath('/work/replies/seen'));
    // What is new stays marked while the page stands; the queues know better the next time they are read.
    return () => void (unseen > 0 && queries.invalidateQueries({ queryKey: KEY }));
  }, [unseen, queries]);
  if (!data || data.items.length === 0) return null;
  return (
    <Box sx={{ mb: 2 }}>
      <Section title={translate('resources.work.replies')}>
        <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.5, overflowWrap: 'anywhere' }}>
          {data.items.map(({ id, by, outcome, body, asked, question, createdAt, seen }) => (
            <Box
              component="li"
              key={id}
              sx={{ borderLeft: 3, pl: 1.5, borderColor: seen ? 'divider' : 'primary.main' }}
            >
              <Box sx={{ color: 'text.secondary' }}>{question}</Box>
              {asked && (
                <Box sx={{ color: 'text.secondary' }}>{translate('resources.work.reply_about', { asked })}</Box>
              )}
              <strong>{by.name}</strong> {translate(`resources.adjudications.outcomes.${outcome}`)}{' '}
              <Box component="span" sx={{ color: 'text.secondary' }}>
                <When at={createdAt} />
              </Box>
              {body && <Box sx={{ whiteSpace: 'pre-wrap' }}>{body}</Box>}
            </Box>
          ))}
        </Box>
      </Section>
    </Box>
  );
}
