import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { KeptDraft } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm, useNotify, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Section } from '../components/Section';
import { When } from '../components/When';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { usePerson } from '../session/useSession';
import { DraftOutbox } from '../sitting/drafts/draft-outbox';

function Draft({ draft, unsent, onGone }: { draft: KeptDraft; unsent: boolean; onGone: () => void }) {
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
    await api.delete(projectPath(`/work/slots/${draft.slotId}/draft`));
    onGone();
  };
  const goesOn = draft.state === 'mine' || draft.state === 'open';
  return (
    <Box component="li" sx={{ display: 'grid', gap: 0.5, borderLeft: 3, borderColor: 'divider', pl: 1.5 }}>
      <Box sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
        {draft.taskSetName} · {say(`draft_states.${draft.state}`)}
        {unsent && ` · ${say('on_this_device')}`} · <When at={draft.updatedAt} />
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
  const { data, refetch } = useQuery({
    queryKey: ['task-sets', 'drafts'],
    queryFn: async ({ signal }) =>
      (await api.get<{ items: KeptDraft[] }>(projectPath('/work/drafts'), undefined, { signal })).data.items,
  });
  const unsent = new Set(new DraftOutbox(person.id).waiting().map(({ slotId }) => slotId));
  if (!data || data.length === 0) return null;
  return (
    <Box sx={{ mb: 2 }}>
      <Section title={translate('resources.work.drafts')}>
        <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 2 }}>
          {data.map((draft) => (
            <Draft key={draft.slotId} draft={draft} unsent={unsent.has(draft.slotId)} onGone={() => void refetch()} />
          ))}
        </Box>
      </Section>
    </Box>
  );
}
