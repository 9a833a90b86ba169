import Button from '@mui/material/Button';
import type { ScheduleDetail } from '@qingnang/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm, useNotify, useTranslate } from 'react-admin';
import { Link, useNavigate } from 'react-router-dom';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { useMayDo } from '../session/useMayDo';

/** Pause, resume, train now, change, delete: what the reader may do. */
export function ScheduleActs({ schedule }: { schedule: ScheduleDetail }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.schedules.${key}`);
  const notify = useNotify();
  const client = useQueryClient();
  const may = useMayDo();
  const { id, state } = schedule;
  const step = useMutation({
    mutationFn: (what: 'pause' | 'resume' | 'run-now') => api.post(projectPath(`/schedules/${id}/${what}`)),
    onSuccess: (_reply, what) => {
      if (what === 'run-now') notify(words('run_now_done'));
    },
    onError: (error: Error) => notify(error.message, { type: 'error' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['schedules'] }),
  });
  const other = state === 'active' ? 'pause' : 'resume';
  return (
    <>
      {may('schedules', 'delete') && <DeleteButton id={id} />}
      {may('schedules', 'update') && (
        <Button component={Link} to={`/schedules/${id}`}>
          {words('edit')}
        </Button>
      )}
      {may('schedules', 'run') && (
        <>
          <Button variant="outlined" disabled={step.isPending} onClick={() => step.mutate(other)}>
            {words(other)}
          </Button>
          <Button variant="contained" disabled={step.isPending} onClick={() => step.mutate('run-now')}>
            {words('run_now')}
          </Button>
        </>
      )}
    </>
  );
}

function DeleteButton({ id }: { id: string }) {
  const translate = useTranslate();
  const notify = useNotify();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.delete(projectPath(`/schedules/${id}`)),
    onSuccess: () => {
      notify(translate('resources.schedules.deleted'));
      navigate('/schedules');
      client.removeQueries({ queryKey: ['schedules', 'detail', `/schedules/${id}`] });
    },
    onError: (error: Error) => notify(error.message, { type: 'error' }),
    onSettled: () => setAsking(false),
  });
  return (
    <>
      <Button color="error" onClick={() => setAsking(true)}>
        {translate('resources.schedules.delete')}
      </Button>
      <Confirm
        isOpen={asking}
        loading={remove.isPending}
        confirmColor="warning"
        title="resources.schedules.delete_title"
        content="resources.schedules.delete_sure"
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
