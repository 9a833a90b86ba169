import Button from '@mui/material/Button';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { BulkJob, CreateBulkJob, RecordFilter } from '@qingnang/contracts';
import { useState } from 'react';
import { useListContext, useTranslate } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import { Count } from '../components/Count';
import { ReasonDialog } from '../components/reason/ReasonDialog';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';
import { FilterWords } from './FilterWords';

type Kind = CreateBulkJob['kind'];
const kinds: readonly Kind[] = ['hold_back', 'take_back_in', 'hand_back'];
const hows = ['all', 'by_rule', 'reviewed'] as const;

/** What can be done to all records that the list's conditions select, whatever page is shown. */
export function BulkActs() {
  const translate = useTranslate();
  const navigate = useNavigate();
  const may = useMayDo();
  const { filterValues } = useListContext();
  const filter = (filterValues ?? {}) as RecordFilter;
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [kind, setKind] = useState<Kind | null>(null);
  const say = (key: string) => translate(`resources.bulk-jobs.acts.${key}`);
  const byRule = may('approval-rules', 'create');
  if (!byRule && !may('bulk-jobs', 'create')) return null;
  const toRule = () => navigate(`/approval-rules/create?source=${encodeURIComponent(JSON.stringify({ filter }))}`);
  const choose = (chosen: Kind) => {
    setAnchor(null);
    setKind(chosen);
  };
  return (
    <>
      <Button
        variant="outlined"
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {say('open')}
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {byRule && <MenuItem onClick={toRule}>{say('approve')}</MenuItem>}
        {may('bulk-jobs', 'create') &&
          kinds.map((each) => (
            <MenuItem key={each} onClick={() => choose(each)}>
              {say(each)}
            </MenuItem>
          ))}
      </Menu>
      {kind && <Order kind={kind} filter={filter} onClose={() => setKind(null)} />}
    </>
  );
}

interface OrderProps {
  kind: Kind;
  filter: RecordFilter;
  onClose: () => void;
}

/** Says what it is about, asks why, and goes to the job's page. */
function Order({ kind, filter, onClose }: OrderProps) {
  const translate = useTranslate();
  const navigate = useNavigate();
  const { total } = useListContext();
  const [how, setHow] = useState<(typeof hows)[number]>('all');
  const say = (key: string) => translate(`resources.bulk-jobs.acts.${key}`);
  const order = async (reason: string) => {
    const body: CreateBulkJob = { kind, filter, reason, ...(how === 'all' ? {} : { how }) };
    const { data } = await api.post<BulkJob>(projectPath('/bulk-jobs'), body);
    navigate(`/bulk-jobs/${data.id}/show`);
  };
  const unlimited = Object.keys(filter).length === 0;
  return (
    <ReasonDialog
      open
      title={translate(`resources.bulk-jobs.kinds.${kind}`)}
      what={
        <>
          <Typography>{say('lead')}</Typography>
          <Typography sx={{ color: unlimited ? 'warning.main' : 'text.secondary' }}>
            {unlimited ? say('all') : <FilterWords filter={filter} sentence="resources.bulk-jobs.chosen" />}
          </Typography>
          {kind !== 'take_back_in' && total !== undefined && (
            <Typography>
              {say('matching')} <Count value={total} />
            </Typography>
          )}
        </>
      }
      label={say('reason')}
      verb={say('start')}
      onClose={onClose}
      onSubmit={order}
    >
      {kind === 'hand_back' && (
        <TextField
          select
          fullWidth
          margin="normal"
          label={say('how')}
          value={how}
          onChange={(event) => setHow(event.target.value as (typeof hows)[number])}
        >
          {hows.map((each) => (
            <MenuItem key={each} value={each}>
              {say(`how_${each}`)}
            </MenuItem>
          ))}
        </TextField>
      )}
    </ReasonDialog>
  );
}
