import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useTranslate } from 'react-admin';
import { isMac } from '../../sitting/keys/keyboard';
import { keysOf, type ReviewCommand } from '../logic/keyboard';
import { Kbd } from './FactWarnings';

interface Props {
  edited: boolean;
  disabled: boolean;
  undoable: boolean;
  onCommand: (command: ReviewCommand) => void;
}

const commands = ['submit', 'reject', 'skip', 'ask_doctor', 'polish_again', 'undo'] as const;

/** What one can do with the record, each with its keys: the bar is the help. */
export function KeyBar({ edited, disabled, undoable, onCommand }: Props) {
  const translate = useTranslate();
  const mac = isMac();
  return (
    <Box
      component="footer"
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: 'repeat(3, minmax(0, 1fr))', md: 'repeat(6, auto)' },
        justifyContent: { md: 'start' },
        gap: 1,
        px: { xs: 1, md: 3 },
        py: 1,
        borderTop: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
      }}
    >
      {commands.map((command) => {
        const name = command === 'submit' && edited ? 'submit_edit' : command;
        return (
          <Button
            key={command}
            variant={command === 'submit' ? 'contained' : 'outlined'}
            color={command === 'submit' ? 'primary' : 'inherit'}
            disabled={command === 'undo' ? !undoable : disabled}
            onClick={() => onCommand(command)}
            // The caret stays where it is: a click on the bar is no reason to leave the text.
            onMouseDown={(event) => event.preventDefault()}
            sx={{
              whiteSpace: { md: 'nowrap' },
              lineHeight: 1.3,
              px: { xs: 0.5, md: 1.5 },
              borderColor: command === 'submit' ? undefined : 'divider',
              minHeight: { xs: 44, md: 40 },
              ...(command === 'submit' && { gridColumn: { xs: '1 / -1', md: 'auto' } }),
            }}
          >
            {translate(`resources.polish-review.commands.${name}`)}
            <Box component="span" sx={{ display: { xs: 'none', md: 'inline' } }}>
              <Kbd>{keysOf(command, mac)}</Kbd>
            </Box>
          </Button>
        );
      })}
    </Box>
  );
}
