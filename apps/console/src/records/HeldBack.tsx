import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import type { RecordDetail } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { When } from '../components/When';

type Hold = RecordDetail['holds'][number];

/** The words for why: the code of a rejection, and what was typed. */
export function holdReason(
  translate: (key: string) => string,
  { reasonCode, reason }: Pick<Hold, 'reasonCode' | 'reason'>,
): string {
  const code = reasonCode === null ? null : translate(`resources.polish-review.reasons.${reasonCode}`);
  return [code, reason].filter(Boolean).join(' · ') || translate('resources.records.no_reason');
}

/** Why the record is put aside, by whom and since when. */
export function HeldBackNote({ record }: { record: RecordDetail }) {
  const translate = useTranslate();
  const say = (key: string, options?: Record<string, unknown>) => translate(`resources.records.${key}`, options);
  const hold = record.holds.find(({ untilAt }) => untilAt === null);
  if (!hold || record.state !== 'held_back') return null;
  return (
    <Alert severity="warning" variant="outlined" sx={{ mb: 2, overflowWrap: 'anywhere' }}>
      <strong>{holdReason(translate, hold)}</strong>
      <Box component="div" sx={{ color: 'text.secondary' }}>
        {say(`hold_kinds.${hold.kind}`, { who: hold.by ?? say('somebody') })} · <When at={hold.fromAt} />
      </Box>
    </Alert>
  );
}

/** Earlier holds, and how they ended. */
export function HoldHistory({ record }: { record: RecordDetail }) {
  const translate = useTranslate();
  const say = (key: string, options?: Record<string, unknown>) => translate(`resources.records.${key}`, options);
  const ended = record.holds.filter(({ untilAt }) => untilAt !== null);
  if (ended.length === 0) return null;
  return (
    <>
      <Box component="h2" sx={{ typography: 'h2', m: 0, mt: 1 }}>
        {say('holds')}
      </Box>
      <Box component="ul" sx={{ m: 0, pl: 2.5, overflowWrap: 'anywhere' }}>
        {ended.map((hold) => (
          <li key={hold.id}>
            {holdReason(translate, hold)} · {say(`hold_kinds.${hold.kind}`, { who: hold.by ?? say('somebody') })}{' '}
            <Box component="span" sx={{ color: 'text.secondary' }}>
              <When at={hold.fromAt} /> – <When at={hold.untilAt!} />
              {hold.endedReason && ` · ${hold.endedReason}`}
            </Box>
          </li>
        ))}
      </Box>
    </>
  );
}
