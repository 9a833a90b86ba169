import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReferenceView } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { When } from '../components/When';
import { RehearsalMark } from '../dialogue/RehearsalMark';

/** Doctors' answers, newest first. */
export function ReferenceRows({ references }: { references: readonly ReferenceView[] }) {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.references.${key}`, facts);
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 2 }}>
      {references.map((reference) => (
        <li key={reference.id}>
          <Typography variant="caption" component="div" sx={{ color: 'text.secondary' }}>
            {reference.doctor?.name ?? say('original_doctor')} · {say(`kinds.${reference.kind}`)} ·{' '}
            {say('revision', { n: reference.revision })}
            {reference.grade && ` · ${say('judged_as', { grade: say(`grades.${reference.grade}`) })}`}
            {reference.afterExposure && ` · ${say('after_exposure')}`} · <When at={reference.createdAt} />
          </Typography>
          <RehearsalMark when={reference.rehearsal}>
            <Typography sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxWidth: '40em' }}>
              {reference.text ?? '–'}
            </Typography>
          </RehearsalMark>
        </li>
      ))}
    </Box>
  );
}
