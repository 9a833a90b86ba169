import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import type { Account, DeactivatedAccount, ResetLink } from '@qingnang/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm, useNotify, useRefresh, useTranslate } from 'react-admin';
import { CopyOnce } from '../components/CopyOnce';
import { api } from '../providers/http';
import { usePerson } from '../session/useSession';
import { useEndedWords } from './useEndedWords';
import { linkTo } from './link-to';

function useAccountAction<T>(account: Account, verb: string, onSuccess: (reply: T) => void) {
  const notify = useNotify();
  return useMutation({
    mutationFn: async () => (await api.post<T>(`/people/${account.id}/${verb}`)).data,
    onSuccess,
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
}

function ResetButton({ account }: { account: Account }) {
  const translate = useTranslate();
  const [link, setLink] = useState<ResetLink | null>(null);
  const make = useAccountAction<ResetLink>(account, 'reset-link', setLink);
  return (
    <>
      <Button disabled={make.isPending} onClick={() => make.mutate()}>
        {translate('resources.people.reset')}
      </Button>
      <Dialog open={link !== null} onClose={() => setLink(null)} fullWidth maxWidth="sm">
        <DialogTitle>{translate('resources.people.reset_made', { name: account.displayName })}</DialogTitle>
        <DialogContent sx={{ display: 'grid', gap: 2 }}>
          {translate('resources.people.reset_once')}
          {link && <CopyOnce label={translate('resources.people.link')} value={linkTo('reset-password', link.token)} />}
        </DialogContent>
        <DialogActions>
          <Button onClick={() => setLink(null)}>{translate('ra.action.close')}</Button>
        </DialogActions>
      </Dialog>
    </>
  );
}

/** A reset link, shown once; closing and reopening an account. One's own stays open. */
export function AccountActions({ account }: { account: Account }) {
  const translate = useTranslate();
  const refresh = useRefresh();
  const me = usePerson();
  const [asking, setAsking] = useState(false);
  const active = account.state === 'active';
  const notify = useNotify();
  const wordsOf = useEndedWords();
  const change = useAccountAction<Partial<DeactivatedAccount>>(
    account,
    active ? 'deactivate' : 'reactivate',
    (reply) => {
      setAsking(false);
      if (active) {
        notify(wordsOf('resources.people.deactivated', reply.ended), { autoHideDuration: 15_000, multiLine: true });
      }
      refresh();
    },
  );
  return (
    <>
      {active && <ResetButton account={account} />}
      {account.id !== me.id && (
        <Button color={active ? 'error' : 'primary'} onClick={() => (active ? setAsking(true) : change.mutate())}>
          {translate(active ? 'resources.people.deactivate' : 'resources.people.reactivate')}
        </Button>
      )}
      <Confirm
        isOpen={asking}
        loading={change.isPending}
        title="resources.people.deactivate"
        content="resources.people.deactivate_sure"
        onConfirm={() => change.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
