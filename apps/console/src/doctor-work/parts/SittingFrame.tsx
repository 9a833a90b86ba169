import Box from '@mui/material/Box';
import type { HeldSlot } from '@qingnang/contracts';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { durationWords } from '../../components/number-words';
import type { SaveState } from '../../sitting/drafts/draft-sync';
import { SittingHeader } from '../../sitting/frame/SittingHeader';

interface Props {
  slot: HeldSlot;
  secondsEach: number;
  save: SaveState;
  /** What this page asks, in one sentence. */
  question: string;
  children: ReactNode;
  /** At the thumb. */
  bar: ReactNode;
  /** For what stands side by side. */
  wide?: boolean;
}

/** One question: where one is, the question, and what to do at the bottom, in reach of a thumb. */
export function SittingFrame({ slot, secondsEach, save, question, children, bar, wide = false }: Props) {
  const translate = useTranslate();
  const words = (key: string, facts?: object) => translate(`resources.doctor-work.${key}`, facts);
  useEffect(() => {
    document.title = `${slot.taskSetName} · ${translate('app.name')}`;
  }, [slot.taskSetName, translate]);
  const page = useRef<HTMLElement>(null);
  // The next question begins at its beginning, also where the bar was tapped far down the last one.
  useEffect(() => {
    page.current?.scrollTo(0, 0);
  }, [slot.id]);
  return (
    <>
      <SittingHeader back={{ to: '/work', name: translate('resources.work.queues') }} save={save}>
        <Box sx={{ fontVariantNumeric: 'tabular-nums' }}>
          <strong>{words('position', { at: slot.done + 1, of: slot.done + slot.waiting })}</strong>
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {' · '}
            {words('left', { time: durationWords(secondsEach * slot.waiting, translate) })}
          </Box>
        </Box>
      </SittingHeader>
      <Box component="main" ref={page} sx={{ flex: 1, overflowY: 'auto', px: 2, py: 2 }}>
        <Box sx={{ maxWidth: wide ? 1120 : 680, mx: 'auto', display: 'grid', gap: 2 }}>
          <Box component="h1" sx={{ font: 'inherit', fontSize: '1.1875rem', fontWeight: 600, m: 0 }}>
            {question}
          </Box>
          {children}
        </Box>
      </Box>
      <Box
        component="footer"
        sx={{
          borderTop: 1,
          borderColor: 'divider',
          bgcolor: 'background.paper',
          px: 2,
          pt: 1,
          pb: 'max(8px, env(safe-area-inset-bottom))',
        }}
      >
        <Box sx={{ maxWidth: wide ? 1120 : 680, mx: 'auto' }}>{bar}</Box>
      </Box>
    </>
  );
}
