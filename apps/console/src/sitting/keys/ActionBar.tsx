import Box from '@mui/material/Box';
import Button from '@mui/material/Button';

export interface BarAction<Id extends string> {
  id: Id;
  name: string;
  keys: string;
  disabled: boolean;
  primary?: boolean;
}

interface Props<Id extends string> {
  actions: readonly BarAction<Id>[];
  onAction: (id: Id) => void;
}

/** What one can do with the task, each with its keys: the bar is the help. */
export function ActionBar<Id extends string>({ actions, onAction }: Props<Id>) {
  return (
    <Box
      component="footer"
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: 'repeat(3, minmax(0, 1fr))', md: `repeat(${actions.length}, auto)` },
        justifyContent: { md: 'start' },
        gap: 1,
        px: { xs: 1, md: 3 },
        py: 1,
        borderTop: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
      }}
    >
      {actions.map(({ id, name, keys, disabled, primary = false }) => (
        <Button
          key={id}
          variant={primary ? 'contained' : 'outlined'}
          color={primary ? 'primary' : 'inherit'}
          disabled={disabled}
          onClick={() => onAction(id)}
          // The caret stays where it is: a click on the bar is no reason to leave the text.
          onMouseDown={(event) => event.preventDefault()}
          sx={{
            whiteSpace: { md: 'nowrap' },
            lineHeight: 1.3,
            px: { xs: 0.5, md: 1.5 },
            borderColor: primary ? undefined : 'divider',
            minHeight: { xs: 44, md: 40 },
            ...(primary && { gridColumn: { xs: '1 / -1', md: 'auto' } }),
          }}
        >
          {name}
          <Box
            component="kbd"
            sx={{
              font: 'inherit',
              fontSize: '0.8125rem',
              ml: 0.75,
              whiteSpace: 'nowrap',
              display: { xs: 'none', md: 'inline' },
            }}
          >
            {keys}
          </Box>
        </Button>
      ))}
    </Box>
  );
}
