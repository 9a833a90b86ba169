import Button from '@mui/material/Button';
import type { EndedAccess, Member } from '@qingnang/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm, useNotify, useRecordContext, useRedirect, useRefresh, useTranslate } from 'react-admin';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { useEndedWords } from './useEndedWords';

/** Takes a member out, and says what ended with it. */
export function RemoveMember() {
  const member = useRecordContext<Member>();
  const translate = useTranslate();
  const notify = useNotify();
  const redirect = useRedirect();
  const refresh = useRefresh();
  const wordsOf = useEndedWords();
  const [asking, setAsking] = useState(false);
  const { mutate, isPending } = useMutation({
    mutationFn: async (id: string) => (await api.delete<EndedAccess>(projectPath(`/members/${id}`))).data,
    onSuccess: (ended) => {
      notify(wordsOf('resources.members.removed', ended), { autoHideDuration: 15_000, multiLine: true });
      redirect('list', 'members');
      refresh();
    },
    onError: (error: Error) => notify(error.message, { type: 'error' }),
    onSettled: () => setAsking(false),
  });
  if (!member) return null;
  return (
    <>
      <Button color="error" sx={{ ml: 'auto' }} onClick={() => setAsking(true)}>
        {translate('resources.members.remove')}
      </Button>
      <Confirm
        isOpen={asking}
        loading={isPending}
        title="resources.members.remove"
        content="resources.members.remove_sure"
        onConfirm={() => mutate(member.id)}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
