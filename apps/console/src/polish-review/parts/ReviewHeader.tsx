import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import type { HeldSlot } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { durationWords } from '../../components/number-words';
import type { SaveState } from '../../sitting/drafts/draft-sync';
import type { View } from './Exchange';
import { SittingHeader, SittingTitle } from '../../sitting/frame/SittingHeader';

interface Props {
  slot: HeldSlot;
  secondsEach: number | null;
  save: SaveState;
  view: View;
  onView: (view: View) => void;
  onHelp: () => void;
}

const views = ['diff', 'suggestion', 'plain'] as const;

/** Where one is in the queue, whether the words are safe, and how to look at them. */
export function ReviewHeader({ slot, secondsEach, save, view, onView, onHelp }: Props) {
  const translate = useTranslate();
  const left = secondsEach === null ? null : durationWords(secondsEach * slot.waiting, translate);
  return (
    <SittingHeader
      back={{ to: '/work', name: translate('resources.work.queues') }}
      save={save}
      tools={
        <>
          <ToggleButtonGroup
            exclusive
            size="small"
            value={view}
            aria-label={translate('resources.polish-review.view')}
            onChange={(_, next: View | null) => next && onView(next)}
          >
            {views.map((each) => (
              <ToggleButton key={each} value={each} sx={{ py: 0.25, textTransform: 'none' }}>
                {translate(`resources.polish-review.views.${each}`)}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
          <Button onClick={onHelp} sx={{ minWidth: 0 }} aria-keyshortcuts="?">
            {translate('resources.polish-review.help')}
            <Box component="kbd" sx={{ font: 'inherit', ml: 0.75, display: { xs: 'none', md: 'inline' } }}>
              ?
            </Box>
          </Button>
        </>
      }
    >
      <SittingTitle>{slot.taskSetName}</SittingTitle>
      <Box sx={{ color: 'text.secondary' }}>
        {translate('resources.polish-review.position', { at: slot.done + 1, of: slot.done + slot.waiting })}
        {left && ` · ${translate('resources.polish-review.left', { time: left })}`}
      </Box>
    </SittingHeader>
  );
}
