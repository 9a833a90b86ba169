import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import Switch from '@mui/material/Switch';
import TextField from '@mui/material/TextField';
import type { ChatPartner } from '@qingnang/contracts';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Link, useSearchParams } from 'react-router-dom';
import { useDetail } from '../llm-jobs/useDetail';
import { EmptyState } from '../listing/EmptyState';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import type { ApiError } from '../providers/api-error';
import { partnerKey } from './chat-model';
import { Composer } from './Composer';
import { Talk } from './Talk';
import { useChat } from './useChat';

function Refused({ error, partner }: { error: ApiError; partner: ChatPartner }) {
  const translate = useTranslate();
  const tooLong = error.code === 'chat.context_too_long';
  return (
    <Alert severity={tooLong ? 'warning' : 'error'} variant="outlined">
      {tooLong ? translate('resources.chat.too_long', { n: partner.contextTokens }) : error.detail}
    </Alert>
  );
}

function PartnerField(props: { partners: ChatPartner[]; value: ChatPartner; onChange(partner: ChatPartner): void }) {
  const { partners, value, onChange } = props;
  const translate = useTranslate();
  return (
    <TextField
      select
      label={translate('resources.chat.partner')}
      value={partnerKey(value)}
      helperText={value.contextTokens > 0 ? translate('resources.chat.context', { n: value.contextTokens }) : ' '}
      onChange={(event) => onChange(partners.find((each) => partnerKey(each) === event.target.value)!)}
      sx={{ minWidth: '16em' }}
    >
      {partners.map((partner) => (
        <MenuItem key={partnerKey(partner)} value={partnerKey(partner)}>
          {partner.modelId === null ? `${partner.provider} · ${partner.model}` : partner.model}
        </MenuItem>
      ))}
    </TextField>
  );
}

function Conversation({ partners }: { partners: ChatPartner[] }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.chat.${key}`);
  const [query] = useSearchParams();
  const [chosen, setChosen] = useState<string | null>(null);
  const [single, setSingle] = useState(false);
  const partner =
    partners.find((each) => partnerKey(each) === chosen) ??
    partners.find((each) => each.modelId !== null && each.modelId === query.get('model')) ??
    partners[0]!;
  const { talk, error, busy, send, stop, clear } = useChat(partner, single);
  const choose = (next: ChatPartner) => {
    clear();
    setChosen(partnerKey(next));
  };
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 760 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'flex-start' }}>
        <PartnerField partners={partners} value={partner} onChange={choose} />
        <FormControlLabel
          control={<Switch checked={single} onChange={(_event, on) => setSingle(on)} />}
          label={words('single')}
          title={words('single_hint')}
        />
        {talk.length > 0 && <Button onClick={clear}>{words('again')}</Button>}
      </Box>
      <Talk talk={talk} rehearsal={partner.rehearsal} />
      {error && <Refused error={error} partner={partner} />}
      <Composer busy={busy} onSend={send} onStop={stop} />
    </Box>
  );
}

/** A talk with a registered model, one turn or many; nothing of it is kept but the ledger of calls. */
export default function ChatPage() {
  const translate = useTranslate();
  const { data, error, refetch } = useDetail<{ items: ChatPartner[] }>('models', '/chat/partners');
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={6} />;
  return (
    <>
      <PageHeader title={translate('resources.chat.name')} lead={translate('resources.chat.lead')} />
      {data.items.length > 0 ? (
        <Conversation partners={data.items} />
      ) : (
        <EmptyState
          title={translate('resources.chat.empty_title')}
          text={translate('resources.chat.empty_text')}
          action={
            <Button variant="contained" component={Link} to="/runs/create">
              {translate('resources.runs.create')}
            </Button>
          }
        />
      )}
    </>
  );
}
