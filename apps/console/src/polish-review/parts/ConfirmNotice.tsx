import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { findingWords } from '@qingnang/text';
import { useLocaleState, useTranslate } from 'react-admin';
import { isMac } from '../../sitting/keys/keyboard';
import { keysOf } from '../logic/keyboard';
import type { Walk } from '../session/useWalk';
import { Kbd } from './FactWarnings';

/** What is to be confirmed before the text goes up, one fact at a time; over the page, so that nothing moves. */
export function ConfirmNotice({ walk }: { walk: Pick<Walk, 'open' | 'current' | 'keep' | 'revert' | 'goTo'> }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const { open, current } = walk;
  const next = open.find(({ key }) => key === current?.key) ?? open[0];
  const say = (key: string, options?: object) => translate(`resources.polish-review.${key}`, options);
  // The caret stays at the place in question.
  const stay = (event: React.MouseEvent) => event.preventDefault();
  const here = next !== undefined && next.key === current?.key;
  return (
    <Box sx={{ position: 'relative', height: 0, zIndex: 2 }}>
      <Box sx={{ position: 'absolute', bottom: 8, left: { xs: 8, md: 24 }, right: { xs: 8, md: 24 } }}>
        <Alert
          role="alertdialog"
          aria-label={say('confirm_title')}
          severity={next ? 'warning' : 'success'}
          variant="outlined"
          sx={{ bgcolor: 'background.paper', flexWrap: 'wrap', '& .MuiAlert-action': { ml: 'auto', gap: 1 } }}
          action={
            next &&
            (here ? (
              <>
                <Button variant="contained" onMouseDown={stay} onClick={walk.keep} sx={{ minHeight: 44 }}>
                  {say('confirm')} <Kbd>{keysOf('keep', isMac())}</Kbd>
                </Button>
                <Button color="inherit" onMouseDown={stay} onClick={walk.revert} sx={{ minHeight: 44 }}>
                  {say('commands.revert')} <Kbd>{keysOf('revert', isMac())}</Kbd>
                </Button>
              </>
            ) : (
              <Button color="inherit" onMouseDown={stay} onClick={() => walk.goTo(next)} sx={{ minHeight: 44 }}>
                {say('go_to')}
              </Button>
            ))
          }
        >
          {next?.finding ? (
            <>
              {say('confirm_title')} {open.length > 1 && say('confirm_more', { n: open.length })}
              <Box component="strong" sx={{ display: 'block' }}>
                {findingWords(next.finding, locale === 'en' ? 'en' : 'zh')}
              </Box>
            </>
          ) : (
            say('confirm_done', { keys: keysOf('submit', isMac()) })
          )}
        </Alert>
      </Box>
    </Box>
  );
}
