import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { SuiteItemView } from '@qingnang/contracts';
import { useListContext, useTranslate } from 'react-admin';
import { TurnList } from '../dialogue/TurnList';
import { Listing } from '../listing/Listing';
import { questionTurns } from './question-turns';

function Rows() {
  const translate = useTranslate();
  const { data = [] } = useListContext<SuiteItemView>();
  return (
    <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 2 }}>
      {data.map((item) => (
        <Box component="li" key={item.id} sx={{ borderTop: 1, borderColor: 'divider', pt: 1.5 }}>
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            {[item.n, item.department, item.category].filter((part) => part !== null).join(' · ')}
          </Typography>
          {item.messages ? (
            <TurnList turns={questionTurns(item.messages)} />
          ) : (
            <Typography sx={{ color: 'text.secondary' }}>{translate('resources.suites.erased')}</Typography>
          )}
          {item.reference && (
            <Typography sx={{ color: 'text.secondary', mt: 1 }}>
              {translate('resources.suites.reference')}：{item.reference}
            </Typography>
          )}
        </Box>
      ))}
    </Box>
  );
}

/** The questions of a suite, in their order. */
export function SuiteItems({ suiteId }: { suiteId: string }) {
  const translate = useTranslate();
  return (
    <Listing
      inner
      resource={`suites/${suiteId}/items`}
      name={translate('resources.suites.question')}
      sort={{ field: 'n', order: 'ASC' }}
      perPage={50}
    >
      <Rows />
    </Listing>
  );
}
