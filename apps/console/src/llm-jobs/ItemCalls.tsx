import Box from '@mui/material/Box';
import type { LlmCallView, LlmItemDetail, LlmItemView } from '@qingnang/contracts';
import { useRecordContext, useTranslate } from 'react-admin';
import { When } from '../components/When';
import { ErrorState } from '../listing/ErrorState';
import { useDetail } from './useDetail';

/** What was tried for an item, in order. */
export function ItemCalls({ jobId }: { jobId: string }) {
  const translate = useTranslate();
  const item = useRecordContext<LlmItemView>();
  const path = `/llm-jobs/${jobId}/items/${item?.id ?? ''}`;
  const { data, error } = useDetail<LlmItemDetail>('llm-jobs', path);
  if (error) return <ErrorState error={error} />;
  if (!data) return null;
  return (
    <Box sx={{ py: 1, pl: 2 }}>
      {data.errorDetail && <p>{data.errorDetail}</p>}
      {data.calls.length === 0 && translate('resources.llm-jobs.no_calls')}
      <Box component="ol" sx={{ m: 0, pl: 0, listStyle: 'none' }} aria-label={translate('resources.llm-jobs.calls')}>
        {data.calls.map((call) => (
          <li key={call.id}>
            <Call call={call} />
          </li>
        ))}
      </Box>
    </Box>
  );
}

function Call({ call }: { call: LlmCallView }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.llm-jobs.${key}`, values);
  const parts = [
    words('attempts', { n: call.attempt }),
    words(`call_states.${call.state}`),
    call.statusCode,
    call.answerType && call.answerType !== 'complete' && words(`codes.${call.answerType}`),
    call.state === 'answered' && call.estimated && words('estimated_call'),
    call.errorCode && words(`codes.${call.errorCode}`, { _: call.errorCode }),
    words('tokens', { input: call.inputTokens, output: call.outputTokens }),
    call.latencyMs !== null && `${call.latencyMs} ms`,
    call.secondCharge && words('second_charge'),
    call.rehearsal && translate('piece.rehearsal'),
  ];
  return (
    <>
      {parts.filter(Boolean).join(' · ')} · <When at={call.createdAt} />
    </>
  );
}
