import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Typography from '@mui/material/Typography';
import { useTranslate } from 'react-admin';
import { isMac } from '../../sitting/keys/keyboard';
import { keysOf, type ReviewCommand } from '../logic/keyboard';
import { Kbd } from './FactWarnings';

const commands: ReviewCommand[] = [
  'submit',
  'reject',
  'skip',
  'ask_doctor',
  'next_change',
  'previous_change',
  'keep',
  'revert',
  'polish_again',
  'undo',
  'help',
];
const rules = ['facts', 'voice', 'commitment', 'doubt'] as const;

/** What a good review is, and every key. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.polish-review.${key}`);
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm" disableRestoreFocus>
      <DialogTitle>{say('help')}</DialogTitle>
      <DialogContent>
        <Typography component="h3" variant="h3">
          {say('guide')}
        </Typography>
        <Box component="ul" sx={{ pl: 2.5, mt: 0.5 }}>
          {rules.map((rule) => (
            <li key={rule}>{say(`rules.${rule}`)}</li>
          ))}
        </Box>
        <Typography component="h3" variant="h3">
          {say('keys')}
        </Typography>
        <Box component="dl" sx={{ display: 'grid', gridTemplateColumns: 'auto 1fr', columnGap: 2, m: 0, mt: 0.5 }}>
          {commands.map((command) => (
            <Box key={command} sx={{ display: 'contents' }}>
              <dt>
                <Kbd>{keysOf(command, isMac())}</Kbd>
              </dt>
              <Box component="dd" sx={{ m: 0 }}>
                {say(`commands.${command}`)}
              </Box>
            </Box>
          ))}
        </Box>
        <Typography variant="body2" sx={{ mt: 1.5, color: 'text.secondary' }}>
          {say('keys_note')}
        </Typography>
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose} autoFocus>
          {translate('ra.action.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
