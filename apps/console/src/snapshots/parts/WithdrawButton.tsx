import Button from '@mui/material/Button';
import type { SnapshotDetail } from '@qingnang/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm, useNotify, useTranslate } from 'react-admin';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';

/** Deletes the files for good, after asking. */
export function WithdrawButton({ id }: { id: string }) {
  const translate = useTranslate();
  const notify = useNotify();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const withdraw = useMutation({
    mutationFn: async () => (await api.post<SnapshotDetail>(projectPath(`/snapshots/${id}/withdraw`))).data,
    onSuccess: () => notify(translate('resources.snapshots.withdrawn_done')),
    onError: (error: Error) => notify(error.message, { type: 'error' }),
    onSettled: () => {
      setAsking(false);
      return client.invalidateQueries({ queryKey: ['snapshots'] });
    },
  });
  return (
    <>
      <Button color="error" onClick={() => setAsking(true)}>
        {translate('resources.snapshots.withdraw')}
      </Button>
      <Confirm
        isOpen={asking}
        loading={withdraw.isPending}
        confirmColor="warning"
        title="resources.snapshots.withdraw_title"
        content="resources.snapshots.withdraw_sure"
        onConfirm={() => withdraw.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
