import Box from '@mui/material/Box';
import type { CreateSchedule, ScheduleDetail } from '@qingnang/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNotify, useTranslate } from 'react-admin';
import { useNavigate, useParams } from 'react-router-dom';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { useDetail } from '../llm-jobs/useDetail';
import { api } from '../providers/http';
import { useFaults } from '../runs/useFaults';
import { projectPath } from '../session/project';
import { formOf, scheduleBody, type ScheduleForm } from './schedule-model';
import { ScheduleFields } from './ScheduleFields';

export default function ScheduleEdit() {
  const { id = '' } = useParams();
  const { data, error, refetch } = useDetail<ScheduleDetail>('schedules', `/schedules/${id}`);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={8} />;
  return <ScheduleEditForm schedule={data} />;
}

/** Begun from what was read first: news of a run do not take away what is being written. */
function ScheduleEditForm({ schedule }: { schedule: ScheduleDetail }) {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [first] = useState(schedule);
  const [form, setForm] = useState(() => formOf(first));
  const change = (part: Partial<ScheduleForm>) => setForm((before) => ({ ...before, ...part }));
  const { faults, check, refuse } = useFaults(form);
  const save = useMutation({
    mutationFn: (body: CreateSchedule) =>
      api.patch(projectPath(`/schedules/${first.id}`), body, { ifMatch: `"${first.revision}"` }),
    onSuccess: async () => {
      notify(translate('resources.schedules.saved'));
      await client.invalidateQueries({ queryKey: ['schedules'] });
      navigate(`/schedules/${first.id}/show`);
    },
    onError: (error: Error) => {
      refuse(error);
      notify(error.message, { type: 'error' });
    },
  });
  const body = scheduleBody(form, first.template);
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 880 }}>
      <PageHeader title={first.name} />
      <ScheduleFields
        form={form}
        change={change}
        faults={faults}
        action={translate('resources.schedules.save')}
        ready={body !== null && !save.isPending}
        onSubmit={() => body && check() && save.mutate(body)}
      />
    </Box>
  );
}
