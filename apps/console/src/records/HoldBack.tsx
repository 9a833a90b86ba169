import Button from '@mui/material/Button';
import type { RecordDetail } from '@qingnang/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { ReasonDialog } from '../components/reason/ReasonDialog';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

/** Puts a record aside with a reason, or takes it back into work. Withdrawn ones stay so. */
export function HoldBack({ record }: { record: RecordDetail }) {
  const translate = useTranslate();
  const notify = useNotify();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  if (record.state === 'withdrawn') return null;
  const held = record.state === 'held_back';
  const verb = held ? 'take_back' : 'hold_back';
  const change = async (reason: string) => {
    try {
      await api.put(projectPath(`/records/${record.id}/state`), { state: held ? 'imported' : 'held_back', reason });
      notify(`resources.records.${verb}_done`);
      setAsking(false);
    } finally {
      await client.invalidateQueries({ queryKey: ['records'] });
    }
  };
  return (
    <>
      <Button variant="outlined" onClick={() => setAsking(true)}>
        {translate(`resources.records.${verb}`)}
      </Button>
      <ReasonDialog
        open={asking}
        title={translate(`resources.records.${verb}`)}
        what={translate(`resources.records.${verb}_what`)}
        label={translate('resources.records.reason')}
        onClose={() => setAsking(false)}
        onSubmit={change}
      />
    </>
  );
}
