import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { KeptDraft, WorkQueue } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm, useNotify, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Section } from '../components/Section';
import { When } from '../components/When';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { usePerson, useProject } from '../session/useSession';
import { DraftOutbox } from '../sitting/drafts/draft-outbox';
import { type FoundDraft, foundDrafts } from './kept-words';

function Draft({ draft, outbox, onGone }: { draft: FoundDraft; outbox: DraftOutbox; onGone: () => void }) {
  const translate = useTranslate();
  const notify = useNotify();
  const [asking, setAsking] = useState(false);
  const say = (key: string) => translate(`resources.work.${key}`);
  const copy = async () => {
    await navigator.clipboard.writeText(draft.text);
    notify(say('copied'));
  };
  const discard = async () => {
    setAsking(false);
    // What the server would not have, it does not know.
    if (draft.state) await api.delete(projectPath(`/work/slots/${draft.slotId}/draft`));
    outbox.forget(draft.slotId);
    onGone();
  };
  const goesOn = draft.kind !== null && [null, 'mine', 'open'].includes(draft.state);
  const facts = [
    draft.taskSetName,
    draft.state && say(`draft_states.${draft.state}`),
    draft.unsent && say(`unsent.${draft.unsent}`),
  ];
  return (
    <Box component="li" sx={{ display: 'grid', gap: 0.5, borderLeft: 3, borderColor: 'divider', pl: 1.5 }}>
      <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
        {facts.filter(Boolean).join(' · ')} · <When at={draft.updatedAt} />
      </Box>
      <Box sx={{ color: 'text.secondary' }}>{draft.question}</Box>
      <Box sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: '7em', overflow: 'auto' }}>
        {draft.text}
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        {goesOn && (
          <Button
            variant="outlined"
            component={Link}
            to={`/work/${draft.kind}/${draft.taskSetId}`}
            sx={{ minHeight: 44 }}
          >
            {say('go_on')}
          </Button>
        )}
        <Button onClick={() => void copy()} sx={{ minHeight: 44 }}>
          {say('copy')}
        </Button>
        {draft.state !== 'mine' && (
          <Button color="inherit" onClick={() => setAsking(true)} sx={{ minHeight: 44 }}>
            {say('discard')}
          </Button>
        )}
      </Box>
      <Confirm
        isOpen={asking}
        title={say('discard')}
        content={say('discard_sure')}
        onConfirm={() => void discard()}
        onClose={() => setAsking(false)}
      />
    </Box>
  );
}

/** What one wrote and did not hand in, with what became of its task; words that only this device has come first. */
export function KeptDrafts() {
  const translate = useTranslate();
  const person = usePerson();
  const project = useProject();
  const { data, refetch } = useQuery({
    queryKey: ['task-sets', 'drafts'],
    queryFn: async ({ signal }) =>
      (await api.get<{ items: KeptDraft[] }>(projectPath('/work/drafts'), undefined, { signal })).data.items,
  });
  const queues = useQuery({
    queryKey: ['task-sets', 'queues'],
    queryFn: async ({ signal }) =>
      (await api.get<{ items: WorkQueue[] }>(projectPath('/work/queues'), undefined, { signal })).data.items,
  });
  const outbox = new DraftOutbox(person.id);
  const drafts = foundDrafts(data ?? [], data ? outbox.here(project?.slug) : [], queues.data ?? []);
  if (drafts.length === 0) return null;
  return (
    <Box sx={{ mb: 2 }}>
      <Section title={translate('resources.work.drafts')}>
        <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 2 }}>
          {drafts.map((draft) => (
            <Draft key={draft.slotId} {...{ draft, outbox }} onGone={() => void refetch()} />
          ))}
        </Box>
      </Section>
    </Box>
  );
}
